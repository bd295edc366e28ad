package forge.ai.api;

/** Too many requests or tokens for now; {@link #retryAfter()} says when to come back, where it is known. Code {@link ErrorCode#RATE_LIMITED}. */
public final class RateLimitedException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public RateLimitedException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public RateLimitedException(String message, ErrorDetails details) {
        super(ErrorCode.RATE_LIMITED, message, details);
    }
}
