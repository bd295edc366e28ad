package forge.ai.runtime.support.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One server-sent event.
 *
 * @param type its {@code event} field, or {@code message}
 * @param data its {@code data} lines, joined by line feeds; not copied, not to be changed
 * @param id the last {@code id} seen on the stream, or empty
 */
public record SseEvent(String type, byte[] data, String id) {

    /** The data as text; what is not UTF-8 becomes U+FFFD. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SseEvent e && type.equals(e.type) && id.equals(e.id) && Arrays.equals(data, e.data);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(data);
    }

    /** Without the data, which may be an answer. */
    @Override
    public String toString() {
        return "SseEvent[" + type + ", " + data.length + " bytes]";
    }
}
