package forge.ai.api;

/** A plug-in or the runtime failed in a way that nobody foresaw. Code {@link ErrorCode#INTERNAL}. */
public final class InternalException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public InternalException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public InternalException(String message, ErrorDetails details) {
        super(ErrorCode.INTERNAL, message, details);
    }
}
