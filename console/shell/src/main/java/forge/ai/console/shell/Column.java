package forge.ai.console.shell;

import java.util.function.Function;

/**
 * A column of a list.
 *
 * @param name its name in JSON; in capitals it heads the table
 * @param shown whether the table has it
 * @param value what a row has there: a text, a number, a truth value, an instant, or a list of texts
 */
record Column<T>(String name, boolean shown, Function<T, Object> value) {

    /** A column of table and JSON. */
    static <T> Column<T> of(String name, Function<T, Object> value) {
        return new Column<>(name, true, value);
    }

    /** A column of the JSON alone. */
    static <T> Column<T> detail(String name, Function<T, Object> value) {
        return new Column<>(name, false, value);
    }
}
