package forge.ai.runtime.support.http;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
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

    /**
     * The JSON that it holds.
     *
     * @throws forge.ai.api.ForgeException if its status or its JSON is an error, or if it is no JSON
     */
    public JsonNode json(UpstreamErrors errors) {
        if (!successful()) {
            throw errors.status(this);
        }
        JsonNode node;
        try {
            node = Json.read(body);
        } catch (IOException e) {
            throw errors.protocol("expected JSON, got something unreadable of type " + mediaType(), this);
        }
        VendorError.in(node).ifPresent(error -> {
            throw errors.vendor(error, this);
        });
        return node;
    }

    /** Without headers and body. */
    @Override
    public String toString() {
        return "HttpAnswer[" + status + ", " + body.length + " bytes]";
    }
}
