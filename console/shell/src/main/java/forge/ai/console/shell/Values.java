package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The values of lists and configurations, as JSON and as text. */
final class Values {

    private Values() {}

    static void write(JsonGenerator json, Object value) throws IOException {
        switch (plain(value)) {
            case Double number -> json.writeNumber(number);
            case Float number -> json.writeNumber(number);
            case BigInteger number -> json.writeNumber(number);
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
            case Object other -> json.writeString(other.toString());
        }
    }

    /** Arrays, as configurations have them, become lists. */
    private static Object plain(Object value) {
        if (!value.getClass().isArray()) {
            return value instanceof Collection<?> collection ? List.copyOf(collection) : value;
        }
        return IntStream.range(0, Array.getLength(value))
                .mapToObj(i -> Array.get(value, i))
                .toList();
    }

    /** In one line without control characters: names and reasons come from outside. */
    static String text(Object value) {
        Object plain = plain(value);
        String text = switch (plain) {
            case Instant instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString();
            case List<?> list ->
                String.join(", ", list.stream().map(Values::text).toList());
            default -> plain.toString();
        };
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
