package forge.ai.runtime.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Streams of JSON documents, one a line. */
public final class Lines {

    private Lines() {}

    /** Nothing is sent in silence: readers take every line for a document. */
    public static BodyStream open(Exchange exchange) {
        return exchange.stream("application/x-ndjson", new byte[0]);
    }

    /** @param document without ends of lines */
    public static byte[] line(byte[] document) {
        byte[] line = Arrays.copyOf(document, document.length + 1);
        line[document.length] = '\n';
        return line;
    }

    /** Between the parts of a JSON text a space does as well as an end of line. */
    public static byte[] line(String json) {
        return line(json.replace('\n', ' ').replace('\r', ' ').getBytes(StandardCharsets.UTF_8));
    }
}
