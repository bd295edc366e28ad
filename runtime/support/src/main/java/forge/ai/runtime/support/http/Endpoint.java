package forge.ai.runtime.support.http;

import java.util.Map;
import java.util.Objects;

/**
 * Where and how to reach an upstream. Immutable, so that a new configuration is taken in by swapping it, while calls in
 * flight end as they began.
 *
 * @param provider name of the provider, for errors
 * @param baseUrl without a slash at its end
 * @param query what every path is followed by, as {@code ?api-version=1}, or empty
 * @param headers of every request, keys among them
 * @param limits how long to wait
 * @param secrets what must not appear in errors
 */
public record Endpoint(
        String provider,
        String baseUrl,
        String query,
        Map<String, String> headers,
        TimeLimits limits,
        Secrets secrets) {

    public Endpoint {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(baseUrl, "baseUrl");
        Objects.requireNonNull(query, "query");
        headers = Map.copyOf(headers);
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(secrets, "secrets");
    }

    public Endpoint(String provider, String baseUrl, Map<String, String> headers, TimeLimits limits, Secrets secrets) {
        this(provider, baseUrl, "", headers, limits, secrets);
    }

    /** Without the headers, which hold keys. */
    @Override
    public String toString() {
        return "Endpoint[" + provider + " at " + baseUrl + "]";
    }
}
