package forge.ai.api;

/** A budget is used up; waiting does not help. Code {@link ErrorCode#QUOTA}. */
public final class QuotaException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public QuotaException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public QuotaException(String message, ErrorDetails details) {
        super(ErrorCode.QUOTA, message, details);
    }
}
