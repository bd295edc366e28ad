package forge.ai.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The one tree of errors that crosses a bundle boundary.
 *
 * <p>Thrown where the cause is known, with a message that says what the reader can do about it. A message never holds a
 * key, a prompt or an answer. A foreign exception belongs in the log of the bundle where it happened, or is attached by
 * {@link #initCause} if its class is one of the JDK: a plug-in's own class would pin its class loader.
 */
public abstract sealed class ForgeException extends RuntimeException
        permits AuthenticationException,
                PermissionException,
                NotFoundException,
                InvalidRequestException,
                ContextLengthException,
                RateLimitedException,
                QuotaException,
                ContentFilteredException,
                TimedOutException,
                UnavailableException,
                ResourceExhaustedException,
                ProtocolException,
                CancelledException,
                UnsupportedException,
                InternalException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient ErrorDetails details;

    ForgeException(ErrorCode code, String message, ErrorDetails details) {
        super(Objects.requireNonNull(message, "message"));
        this.code = code;
        this.details = Objects.requireNonNull(details, "details");
    }

    /** The exception class that belongs to {@code code}. */
    public static ForgeException of(ErrorCode code, String message, ErrorDetails details) {
        return switch (code) {
            case AUTHENTICATION -> new AuthenticationException(message, details);
            case PERMISSION -> new PermissionException(message, details);
            case NOT_FOUND -> new NotFoundException(message, details);
            case INVALID_REQUEST -> new InvalidRequestException(message, details);
            case CONTEXT_LENGTH -> new ContextLengthException(message, details);
            case RATE_LIMITED -> new RateLimitedException(message, details);
            case QUOTA -> new QuotaException(message, details);
            case CONTENT_FILTERED -> new ContentFilteredException(message, details);
            case TIMEOUT -> new TimedOutException(message, details);
            case UNAVAILABLE -> new UnavailableException(message, details);
            case RESOURCE_EXHAUSTED -> new ResourceExhaustedException(message, details);
            case PROTOCOL -> new ProtocolException(message, details);
            case CANCELLED -> new CancelledException(message, details);
            case UNSUPPORTED -> new UnsupportedException(message, details);
            case INTERNAL -> new InternalException(message, details);
        };
    }

    public final ErrorCode code() {
        return code;
    }

    /** What the upstream said, as far as it is known. */
    public final ErrorDetails details() {
        return details == null ? ErrorDetails.NONE : details;
    }

    /** How long to wait before the next attempt, where somebody said so. */
    public final Optional<Duration> retryAfter() {
        return details().retryAfter();
    }
}
