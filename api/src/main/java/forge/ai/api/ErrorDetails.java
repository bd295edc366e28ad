package forge.ai.api;

import forge.ai.api.llm.Attribution;
import java.time.Duration;
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
 * @param attribution who was asked last and what it took, of calls of the LLM service
 */
public record ErrorDetails(
        String provider,
        int status,
        String vendorCode,
        String requestId,
        String parameter,
        Optional<Duration> retryAfter,
        Optional<Attribution> attribution) {

    public static final ErrorDetails NONE = new ErrorDetails("", 0, "", "", "", Optional.empty(), Optional.empty());

    public ErrorDetails {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(vendorCode, "vendorCode");
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(parameter, "parameter");
        Objects.requireNonNull(retryAfter, "retryAfter");
        Objects.requireNonNull(attribution, "attribution");
    }

    public static ErrorDetails ofProvider(String provider) {
        return NONE.withProvider(provider);
    }

    public ErrorDetails withProvider(String value) {
        return new ErrorDetails(value, status, vendorCode, requestId, parameter, retryAfter, attribution);
    }

    public ErrorDetails withStatus(int value) {
        return new ErrorDetails(provider, value, vendorCode, requestId, parameter, retryAfter, attribution);
    }

    public ErrorDetails withVendorCode(String value) {
        return new ErrorDetails(provider, status, value, requestId, parameter, retryAfter, attribution);
    }

    public ErrorDetails withRequestId(String value) {
        return new ErrorDetails(provider, status, vendorCode, value, parameter, retryAfter, attribution);
    }

    public ErrorDetails withParameter(String value) {
        return new ErrorDetails(provider, status, vendorCode, requestId, value, retryAfter, attribution);
    }

    public ErrorDetails withRetryAfter(Duration value) {
        return new ErrorDetails(provider, status, vendorCode, requestId, parameter, Optional.of(value), attribution);
    }

    public ErrorDetails withAttribution(Attribution value) {
        return new ErrorDetails(provider, status, vendorCode, requestId, parameter, retryAfter, Optional.of(value));
    }
}
