package forge.ai.runtime.server;

import forge.ai.runtime.support.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Server-sent events in bytes. */
public final class Sse {

    public static final String MEDIA_TYPE = "text/event-stream";

    /** A comment, which readers skip. */
    public static final byte[] SILENCE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    private Sse() {}

    /** An event without a name. */
    public static byte[] data(Json.Document document) {
        return data(Json.write(document));
    }

    /** An event without a name whose data is this document, as it stands but for ends of lines between its parts. */
    public static byte[] data(String json) {
        return data(line(json));
    }

    /** As {@link #data(String)}, with a name. */
    public static byte[] event(String name, String json) {
        return event(name, line(json));
    }

    private static byte[] line(String json) {
        // Inside a JSON text there are no ends of lines; between its parts a space does as well, and keeps it one line.
        boolean lines = json.indexOf('\n') >= 0 || json.indexOf('\r') >= 0;
        return (lines ? json.replace('\n', ' ').replace('\r', ' ') : json).getBytes(StandardCharsets.UTF_8);
    }

    /** An event with a name. */
    public static byte[] event(String name, Json.Document document) {
        return event(name, Json.write(document));
    }

    /** An event with a name whose data is this line. */
    public static byte[] event(String name, byte[] line) {
        byte[] head = ("event: " + name + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] data = data(line);
        byte[] event = Arrays.copyOf(head, head.length + data.length);
        System.arraycopy(data, 0, event, head.length, data.length);
        return event;
    }

    /** An event without a name whose data is this line. */
    public static byte[] data(byte[] line) {
        byte[] event = new byte[DATA.length + line.length + 2];
        System.arraycopy(DATA, 0, event, 0, DATA.length);
        System.arraycopy(line, 0, event, DATA.length, line.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }
}
