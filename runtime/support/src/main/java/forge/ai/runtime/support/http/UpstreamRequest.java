package forge.ai.runtime.support.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request to an {@link Endpoint}.
 *
 * @param path what follows the base address, with a slash at its beginning
 * @param body JSON in UTF-8, or null for a GET; not copied, not to be changed
 */
public record UpstreamRequest(String path, byte @Nullable [] body) {

    public UpstreamRequest {
        Objects.requireNonNull(path, "path");
    }

    public static UpstreamRequest get(String path) {
        return new UpstreamRequest(path, null);
    }

    public static UpstreamRequest post(String path, byte[] body) {
        return new UpstreamRequest(path, body);
    }

    /** Without the body, which may be a prompt. */
    @Override
    public String toString() {
        return (body == null ? "GET " : "POST ") + path;
    }
}
