package forge.ai.backend.sklearn.estimator;

import java.util.ArrayList;
import java.util.List;

/** Puts tables side by side. */
final class Tables {

    private Tables() {}

    static Table select(Table table, int[] columns) {
        return table instanceof Frame frame
                ? frame.select(columns)
                : table.dense().select(columns);
    }

    /** The columns of all, which have the same rows; sparse if one of them is. */
    static Table beside(List<Table> tables, int rows) {
        if (tables.size() == 1) {
            return tables.getFirst();
        }
        if (tables.stream().anyMatch(Frame.class::isInstance)) {
            List<Frame.Column> all = new ArrayList<>();
            tables.forEach(table -> all.addAll(Frame.of(table).list()));
            return new Frame(rows, all);
        }
        int columns = tables.stream().mapToInt(Table::columns).sum();
        if (tables.stream().anyMatch(SparseMatrix.class::isInstance)) {
            return sparse(tables, rows, columns);
        }
        Matrix all = new Matrix(rows, columns);
        for (int row = 0; row < rows; row++) {
            int at = row * columns;
            for (Table table : tables) {
                System.arraycopy(table.dense().values(), row * table.columns(), all.values(), at, table.columns());
                at += table.columns();
            }
        }
        return all;
    }

    private static SparseMatrix sparse(List<Table> tables, int rows, int columns) {
        int[][] indices = new int[rows][];
        double[][] values = new double[rows][];
        for (int row = 0; row < rows; row++) {
            SparseRow all = new SparseRow();
            int offset = 0;
            for (Table table : tables) {
                if (table instanceof SparseMatrix sparse) {
                    for (int i = 0; i < sparse.indices()[row].length; i++) {
                        all.add(offset + sparse.indices()[row][i], sparse.values()[row][i]);
                    }
                } else {
                    for (int column = 0; column < table.columns(); column++) {
                        all.add(offset + column, table.dense().at(row, column));
                    }
                }
                offset += table.columns();
            }
            indices[row] = all.indices();
            values[row] = all.values();
        }
        return new SparseMatrix(columns, indices, values);
    }
}
