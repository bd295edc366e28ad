package forge.ai.api;

import forge.ai.api.llm.Attribution;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known about where an error came from.
 *
 * @param provider name of the provider or backend that failed, or empty
 * @param status HTTP status of the upstream's answer, or 0 where there was none
 * @param vendorCode the vendor's own code or type, unchanged, or empty
 * @param requestId the vendor's id of the request, to quote to its support, or empty
 * @param parameter the part of the request that is wrong, or empty
 * @param retryAfter how long to wait before the next attempt, zero or more
 * @param extensions what else the vendor said of the cause, such as what a content filter found: name and JSON value as
 *     text
 * @param attribution who was asked last and what it took, of calls of the LLM service
 */
public record ErrorDetails(
        String provider,
        int status,
        String vendorCode,
        String requestId,
        String parameter,
        Optional<Duration> retryAfter,
        Map<String, String> extensions,
        Optional<Attribution> attribution) {

    public static final ErrorDetails NONE =
            new ErrorDetails("", 0, "", "", "", Optional.empty(), Map.of(), Optional.empty());

    public ErrorDetails {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(vendorCode, "vendorCode");
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(parameter, "parameter");
        Objects.requireNonNull(retryAfter, "retryAfter");
        extensions = Map.copyOf(extensions);
        Objects.requireNonNull(attribution, "attribution");
    }

    public static ErrorDetails ofProvider(String provider) {
        return NONE.withProvider(provider);
    }

    public ErrorDetails withProvider(String value) {
        return new ErrorDetails(value, status, vendorCode, requestId, parameter, retryAfter, extensions, attribution);
    }

    public ErrorDetails withStatus(int value) {
        return new ErrorDetails(provider, value, vendorCode, requestId, parameter, retryAfter, extensions, attribution);
    }

    public ErrorDetails withVendorCode(String value) {
        return new ErrorDetails(provider, status, value, requestId, parameter, retryAfter, extensions, attribution);
    }

    public ErrorDetails withRequestId(String value) {
        return new ErrorDetails(provider, status, vendorCode, value, parameter, retryAfter, extensions, attribution);
    }

    public ErrorDetails withParameter(String value) {
        return new ErrorDetails(provider, status, vendorCode, requestId, value, retryAfter, extensions, attribution);
    }

    public ErrorDetails withRetryAfter(Duration value) {
        return new ErrorDetails(
                provider, status, vendorCode, requestId, parameter, Optional.of(value), extensions, attribution);
    }

    public ErrorDetails withExtensions(Map<String, String> value) {
        return new ErrorDetails(provider, status, vendorCode, requestId, parameter, retryAfter, value, attribution);
    }

    public ErrorDetails withAttribution(Attribution value) {
        return new ErrorDetails(
                provider, status, vendorCode, requestId, parameter, retryAfter, extensions, Optional.of(value));
    }
}
