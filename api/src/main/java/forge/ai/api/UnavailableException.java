package forge.ai.api;

/** The upstream, provider or backend cannot be reached or cannot serve now. Code {@link ErrorCode#UNAVAILABLE}. */
public final class UnavailableException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public UnavailableException(String message, ErrorDetails details) {
        super(ErrorCode.UNAVAILABLE, message, details);
    }
}
