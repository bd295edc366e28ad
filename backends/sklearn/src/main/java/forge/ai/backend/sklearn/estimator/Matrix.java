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

    /**
     * The scalar product of a row of this and one of another of the same width. Four sums at a time: each addition waits
     * for the one before it, and that wait is what a single sum takes.
     */
    double dot(int row, Matrix other, int otherRow) {
        double[] left = values;
        double[] right = other.values;
        int a = row * columns;
        int b = otherRow * columns;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < columns - 3; i += 4) {
            sum0 += left[a + i] * right[b + i];
            sum1 += left[a + i + 1] * right[b + i + 1];
            sum2 += left[a + i + 2] * right[b + i + 2];
            sum3 += left[a + i + 3] * right[b + i + 3];
        }
        for (; i < columns; i++) {
            sum0 += left[a + i] * right[b + i];
        }
        return sum0 + sum1 + (sum2 + sum3);
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
