package forge.ai.backend.sklearn.estimator;

import java.util.List;

/** What an estimator takes. */
public sealed interface Inputs {

    /**
     * A table of numbers.
     *
     * @param columns how many; -1 if not known
     */
    record Numbers(int columns) implements Inputs {}

    /** One text a row. */
    record Texts() implements Inputs {}

    /**
     * Columns of different kinds.
     *
     * @param columns in order
     */
    record Columns(List<Column> columns) implements Inputs {
        public Columns {
            columns = List.copyOf(columns);
        }
    }

    /**
     * One column.
     *
     * @param name as the model was trained with, or empty
     * @param texts whether it holds texts; numbers otherwise
     */
    record Column(String name, boolean texts) {}
}
