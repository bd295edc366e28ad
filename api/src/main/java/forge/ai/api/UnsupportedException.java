package forge.ai.api;

/** The provider, model or backend has no such feature. Code {@link ErrorCode#UNSUPPORTED}. */
public final class UnsupportedException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public UnsupportedException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public UnsupportedException(String message, ErrorDetails details) {
        super(ErrorCode.UNSUPPORTED, message, details);
    }
}
