package forge.ai.runtime.support.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request to an {@link Endpoint}.
 *
 * @param method such as {@code POST}
 * @param path what follows the base address, with a slash at its beginning
 * @param body JSON in UTF-8, or null for none; not copied, not to be changed
 */
public record UpstreamRequest(String method, String path, byte @Nullable [] body) {

    public UpstreamRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
    }

    public static UpstreamRequest get(String path) {
        return new UpstreamRequest("GET", path, null);
    }

    public static UpstreamRequest post(String path, byte[] body) {
        return new UpstreamRequest("POST", path, body);
    }

    /** Removes what the body names. */
    public static UpstreamRequest delete(String path, byte[] body) {
        return new UpstreamRequest("DELETE", path, body);
    }

    /** Without the body, which may be a prompt. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
