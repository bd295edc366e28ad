package forge.ai.api;

/** The named model, provider, route, version or resource does not exist. Code {@link ErrorCode#NOT_FOUND}. */
public final class NotFoundException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public NotFoundException(String message, ErrorDetails details) {
        super(ErrorCode.NOT_FOUND, message, details);
    }
}
