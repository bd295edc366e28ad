package forge.ai.runtime.support.http;

import forge.ai.api.monitoring.Span;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One request to an {@link Endpoint}.
 *
 * @param method such as {@code POST}
 * @param path what follows the base address, with a slash at its beginning, or nothing
 * @param type media type of the body
 * @param body in UTF-8, or null for none; not copied, not to be changed
 * @param span of which trace it is a part; its name goes along
 */
public record UpstreamRequest(String method, String path, String type, byte @Nullable [] body, Span span) {

    private static final String JSON = "application/json";

    public UpstreamRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(span, "span");
    }

    /** A request that is no part of a trace. */
    public UpstreamRequest(String method, String path, String type, byte @Nullable [] body) {
        this(method, path, type, body, Span.NONE);
    }

    /** A request whose body, if there is one, is JSON. */
    public UpstreamRequest(String method, String path, byte @Nullable [] body) {
        this(method, path, JSON, body);
    }

    /** Fields of a form, in their order. */
    public static UpstreamRequest form(String path, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(f -> encoded(f.getKey()) + "=" + encoded(f.getValue()))
                .collect(Collectors.joining("&"));
        return new UpstreamRequest(
                "POST", path, "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
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

    /** The same, as part of a trace. */
    public UpstreamRequest within(Span value) {
        return new UpstreamRequest(method, path, type, body, value);
    }

    /** Without the body, which may be a prompt. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
