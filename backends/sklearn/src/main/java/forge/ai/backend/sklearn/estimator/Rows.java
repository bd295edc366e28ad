package forge.ai.backend.sklearn.estimator;

import java.util.List;

/** Rows to compute with. */
public final class Rows {

    private final Table table;

    private Rows(Table table) {
        this.table = table;
    }

    /** @param values row by row */
    public static Rows ofNumbers(int rows, int columns, double[] values) {
        return new Rows(new Matrix(rows, columns, values));
    }

    /** @param columns each a {@code double[]} or a list of texts */
    public static Rows ofColumns(int rows, List<?> columns) {
        return new Rows(new Frame(rows, columns.stream().map(Rows::column).toList()));
    }

    @SuppressWarnings("unchecked")
    private static Frame.Column column(Object values) {
        return values instanceof double[] numbers ? new Frame.Numbers(numbers) : new Frame.Texts((List<String>) values);
    }

    Table table() {
        return table;
    }
}
