package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns of their own kinds.
 *
 * @param rows 0 or more
 * @param list the columns
 */
record Frame(int rows, List<Column> list) implements Table {

    /** One value a row. */
    sealed interface Column {}

    /** Numbers; NaN is a missing one. */
    record Numbers(double[] values) implements Column {}

    record Texts(List<String> values) implements Column {}

    Frame {
        list = List.copyOf(list);
    }

    static Frame of(Table table) {
        if (table instanceof Frame frame) {
            return frame;
        }
        Matrix matrix = table.dense();
        List<Column> columns = new ArrayList<>();
        for (int column = 0; column < matrix.columns(); column++) {
            double[] values = new double[matrix.rows()];
            for (int row = 0; row < values.length; row++) {
                values[row] = matrix.at(row, column);
            }
            columns.add(new Numbers(values));
        }
        return new Frame(matrix.rows(), columns);
    }

    @Override
    public int columns() {
        return list.size();
    }

    @Override
    public Matrix dense() {
        Matrix matrix = new Matrix(rows, list.size());
        for (int column = 0; column < list.size(); column++) {
            if (!(list.get(column) instanceof Numbers numbers)) {
                throw new InvalidRequestException("column " + column + " holds texts where the model needs numbers");
            }
            for (int row = 0; row < rows; row++) {
                matrix.put(row, column, numbers.values()[row]);
            }
        }
        return matrix;
    }

    /** The texts of the only column. */
    List<String> texts() {
        if (list.size() == 1 && list.getFirst() instanceof Texts texts) {
            return texts.values();
        }
        throw new InvalidRequestException("the model needs one column of texts");
    }

    Frame select(int[] wanted) {
        List<Column> part = new ArrayList<>();
        for (int column : wanted) {
            part.add(list.get(column));
        }
        return new Frame(rows, part);
    }
}
