package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.List;

/**
 * Numbers in rows, of which only those that are not zero are kept.
 *
 * @param columns how many there are
 * @param indices of each row, the columns in ascending order
 * @param values of each row, in the order of its indices
 */
record SparseMatrix(int columns, int[][] indices, double[][] values) implements Table {

    private static final int MOST_DENSE = 1 << 26;

    /** From a matrix of SciPy in compressed rows. */
    static SparseMatrix of(PyObject csr) {
        List<?> shape = csr.findAny("_shape", "shape")
                .filter(List.class::isInstance)
                .map(s -> (List<?>) s)
                .orElse(List.of());
        long[] starts = csr.array("indptr").longs();
        long[] columns = csr.array("indices").longs();
        double[] data = csr.array("data").doubles();
        if (shape.size() != 2 || !(shape.get(1) instanceof Long width) || width < 0 || width > Integer.MAX_VALUE) {
            throw new InvalidRequestException("a sparse matrix without a shape");
        }
        int[][] indices = new int[starts.length - 1][];
        double[][] values = new double[starts.length - 1][];
        for (int row = 0; row < indices.length; row++) {
            int from = Math.toIntExact(starts[row]);
            int to = Math.toIntExact(starts[row + 1]);
            if (from < 0 || to < from || to > data.length || to > columns.length) {
                throw new InvalidRequestException("a sparse matrix whose rows lie outside of it");
            }
            indices[row] = new int[to - from];
            values[row] = new double[to - from];
            for (int i = from; i < to; i++) {
                if (columns[i] < 0 || columns[i] >= width) {
                    throw new InvalidRequestException("a sparse matrix with an element outside of it");
                }
                indices[row][i - from] = (int) columns[i];
                values[row][i - from] = data[i];
            }
        }
        return new SparseMatrix(width.intValue(), indices, values);
    }

    @Override
    public int rows() {
        return indices.length;
    }

    @Override
    public Matrix dense() {
        if ((long) rows() * columns > MOST_DENSE) {
            throw new ResourceExhaustedException(
                    "%d rows of %d features are too many for this model at a time".formatted(rows(), columns));
        }
        Matrix matrix = new Matrix(rows(), columns);
        for (int row = 0; row < rows(); row++) {
            for (int i = 0; i < indices[row].length; i++) {
                matrix.put(row, indices[row][i], values[row][i]);
            }
        }
        return matrix;
    }

    /** The scalar product of a row of this and one of a dense matrix of the same width. */
    double dot(int row, Matrix other, int otherRow) {
        double sum = 0;
        for (int i = 0; i < indices[row].length; i++) {
            sum += values[row][i] * other.at(otherRow, indices[row][i]);
        }
        return sum;
    }
}
