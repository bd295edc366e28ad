package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;

/**
 * Numbers in rows and columns.
 *
 * @param rows 0 or more
 * @param columns 0 or more
 * @param values row by row
 */
record Matrix(int rows, int columns, double[] values) implements Table {

    Matrix(int rows, int columns) {
        this(rows, columns, new double[Math.multiplyExact(rows, columns)]);
    }

    /** A vector is one row. */
    static Matrix of(NdArray array) {
        return array.rank() == 2
                ? new Matrix(array.dimension(0), array.dimension(1), array.doubles())
                : new Matrix(1, array.size(), array.doubles());
    }

    /** From an array, or a sparse matrix of SciPy in rows. */
    static Matrix of(Object value) {
        if (value instanceof NdArray array) {
            return of(array);
        }
        if (value instanceof PyObject sparse && sparse.type().contains("csr")) {
            return SparseMatrix.of(sparse).dense();
        }
        throw new InvalidRequestException("an array was expected where the model has something else");
    }

    double at(int row, int column) {
        return values[row * columns + column];
    }

    void put(int row, int column, double value) {
        values[row * columns + column] = value;
    }

    @Override
    public Matrix dense() {
        return this;
    }

    /** The scalar product of a row of this and one of another of the same width. */
    double dot(int row, Matrix other, int otherRow) {
        double sum = 0;
        int a = row * columns;
        int b = otherRow * columns;
        for (int i = 0; i < columns; i++) {
            sum += values[a + i] * other.values[b + i];
        }
        return sum;
    }

    /** These columns, in this order. */
    Matrix select(int[] wanted) {
        Matrix part = new Matrix(rows, wanted.length);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < wanted.length; i++) {
                part.put(row, i, at(row, wanted[i]));
            }
        }
        return part;
    }
}
