package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
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
            case BigDecimal number -> json.writeNumber(number);
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

    /** In the largest unit, for there is little room in a table. */
    static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86400 + " d";
    }

    /** In one line without control characters, for names and reasons come from outside; an instant as what has passed since. */
    static String text(Object value) {
        Object plain = plain(value);
        String text = switch (plain) {
            case Instant instant -> age(Duration.between(instant, Instant.now()));
            case List<?> list ->
                String.join(", ", list.stream().map(Values::text).toList());
            case BigDecimal number -> number.toPlainString();
            default -> plain.toString();
        };
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ");
    }
}
