package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** A list that is shown as a table, or with {@code --json} as one array of objects. */
final class Listing<T> {

    private final List<Column<T>> columns;

    @SafeVarargs
    Listing(Column<T>... columns) {
        this.columns = List.of(columns);
    }

    void show(Call call, List<T> rows) {
        if (call.words().has("--json")) {
            call.output().json(json -> write(json, rows));
        } else {
            table(rows).lines(call.output().columns()).forEach(call.output()::line);
        }
    }

    private Table table(List<T> rows) {
        List<Column<T>> shown = columns.stream().filter(Column::shown).toList();
        return new Table(
                shown.stream().map(Column::name).toList(),
                rows.stream()
                        .map(row -> shown.stream()
                                .map(column -> column.value().apply(row))
                                .toList())
                        .toList());
    }

    private void write(JsonGenerator json, List<T> rows) throws IOException {
        json.writeStartArray();
        for (T row : rows) {
            json.writeStartObject();
            for (Column<T> column : columns) {
                json.writeFieldName(column.name());
                Values.write(json, column.value().apply(row));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
