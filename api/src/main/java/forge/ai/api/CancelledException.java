package forge.ai.api;

/** The caller gave up before the answer was complete. Code {@link ErrorCode#CANCELLED}. */
public final class CancelledException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public CancelledException(String message, ErrorDetails details) {
        super(ErrorCode.CANCELLED, message, details);
    }
}
