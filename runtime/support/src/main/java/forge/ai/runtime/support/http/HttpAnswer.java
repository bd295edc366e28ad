package forge.ai.runtime.support.http;

import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of an upstream.
 *
 * @param body as far as it was read, decompressed; not copied, not to be changed
 */
public record HttpAnswer(int status, Headers headers, byte[] body) {

    /** The value of a header, or empty. */
    public String header(String name) {
        @Nullable String value = headers.get(name);
        return value == null ? "" : value;
    }

    /** The media type without its parameters, in lower case, or empty. */
    public String mediaType() {
        String type = header("Content-Type");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(java.util.Locale.ROOT);
    }

    public boolean successful() {
        return status >= 200 && status < 300;
    }

    /** Without headers and body. */
    @Override
    public String toString() {
        return "HttpAnswer[" + status + ", " + body.length + " bytes]";
    }
}
