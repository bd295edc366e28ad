package forge.ai.runtime.support.http;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorCode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.ProtocolException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the runtime's errors of what goes wrong with one upstream. Keys never get into them. */
public final class UpstreamErrors {

    private static final List<String> REQUEST_IDS =
            List.of("x-request-id", "request-id", "apim-request-id", "x-ms-request-id", "cf-ray");

    private final Endpoint endpoint;
    private final ErrorDetails details;

    public UpstreamErrors(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.details = ErrorDetails.ofProvider(endpoint.provider());
    }

    /** An answer whose status is an error. */
    public ForgeException status(HttpAnswer answer) {
        VendorError error = VendorError.of(answer);
        ErrorCode code = ErrorClassifier.byStatus(answer.status(), error);
        String what = error.message().isEmpty() ? "status " + answer.status() : error.message();
        ErrorDetails known = details.withStatus(answer.status()).withRequestId(requestId(answer));
        known = RetryAfter.of(answer, Clock.systemUTC())
                .or(error::estimatedTime)
                .map(known::withRetryAfter)
                .orElse(known);
        return of(code, what, known, error);
    }

    /** An error inside an answer or a stream that began well. */
    public ForgeException vendor(VendorError error, HttpAnswer head) {
        String what = error.message().isEmpty() ? "an error without a message" : error.message();
        ErrorDetails known = details.withStatus(head.status()).withRequestId(requestId(head));
        return of(ErrorClassifier.byCode(error), what, known, error);
    }

    private ForgeException of(ErrorCode code, String what, ErrorDetails known, VendorError error) {
        Secrets secrets = endpoint.secrets();
        return ForgeException.of(
                code,
                endpoint.provider() + ": " + secrets.redact(what),
                known.withVendorCode(secrets.redact(error.vendorCode()))
                        .withParameter(secrets.redact(error.parameter()))
                        .withExtensions(redacted(error.extensions())));
    }

    private Map<String, String> redacted(Map<String, String> extensions) {
        return extensions.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, e -> endpoint.secrets().redact(e.getValue())));
    }

    /** The upstream broke its own format. */
    public ForgeException protocol(String what) {
        return new ProtocolException(
                endpoint.provider() + ": " + endpoint.secrets().redact(what), details);
    }

    /** The upstream broke its own format in this answer. */
    public ForgeException protocol(String what, HttpAnswer head) {
        return new ProtocolException(
                endpoint.provider() + ": " + endpoint.secrets().redact(what),
                details.withStatus(head.status()).withRequestId(requestId(head)));
    }

    public ForgeException timeout(String what, Duration limit) {
        return new TimedOutException(
                "%s: %s within %d ms".formatted(endpoint.provider(), what, limit.toMillis()), details);
    }

    public ForgeException cancelled() {
        return new CancelledException(endpoint.provider() + ": the call was cancelled", details);
    }

    public ForgeException closed() {
        return new UnavailableException(endpoint.provider() + ": the provider is being stopped", details);
    }

    /** No answer came. */
    public ForgeException unreachable(IOException cause) {
        URI base = URI.create(endpoint.baseUrl());
        String where = base.getHost() + (base.getPort() < 0 ? "" : ":" + base.getPort());
        String why = cause instanceof UnknownHostException ? "no such host" : reason(cause);
        return withCause(
                new UnavailableException(endpoint.provider() + ": cannot reach " + where + " (" + why + ")", details),
                cause);
    }

    /** The answer broke off. */
    public ForgeException broken(IOException cause, HttpAnswer head) {
        return withCause(protocol("the answer broke off (" + reason(cause) + ")", head), cause);
    }

    private static String requestId(HttpAnswer answer) {
        return REQUEST_IDS.stream()
                .map(answer::header)
                .filter(id -> !id.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String reason(IOException cause) {
        @Nullable String message = cause.getMessage();
        return endpoint.secrets().redact(message == null ? cause.getClass().getSimpleName() : message);
    }

    /** Only a class of the JDK: another would pin the class loader of the bundle that has it. And none that tells a key. */
    private ForgeException withCause(ForgeException error, IOException cause) {
        boolean unfit = Stream.<Throwable>iterate(cause, t -> t != null, Throwable::getCause)
                .anyMatch(t -> t.getClass().getClassLoader() != null || t.getSuppressed().length > 0 || tells(t));
        if (!unfit) {
            error.initCause(cause);
        }
        return error;
    }

    private boolean tells(Throwable cause) {
        @Nullable String message = cause.getMessage();
        return message != null && !endpoint.secrets().redact(message).equals(message);
    }
}
