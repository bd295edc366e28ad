package forge.ai.api;

/** A limit of time ran out before the answer was there. Code {@link ErrorCode#TIMEOUT}. */
public final class TimedOutException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public TimedOutException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public TimedOutException(String message, ErrorDetails details) {
        super(ErrorCode.TIMEOUT, message, details);
    }
}
