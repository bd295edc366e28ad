package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The values of lists and configurations, as JSON and as text. */
final class Values {

    private Values() {}

    static void write(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case Double number -> json.writeNumber(number);
            case Float number -> json.writeNumber(number);
            case Number number -> json.writeNumber(number.longValue());
            case Boolean truth -> json.writeBoolean(truth);
            case List<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName(String.valueOf(entry.getKey()));
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            default -> json.writeString(value.toString());
        }
    }

    /** In one line without control characters: names and reasons come from outside. */
    static String text(Object value) {
        String text = switch (value) {
            case Instant instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString();
            case List<?> list ->
                String.join(", ", list.stream().map(Values::text).toList());
            default -> value.toString();
        };
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
