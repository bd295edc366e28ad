package forge.ai.api;

/** The request is malformed or contradicts what the model expects; the message says what is allowed. Code {@link ErrorCode#INVALID_REQUEST}. */
public final class InvalidRequestException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public InvalidRequestException(String message, ErrorDetails details) {
        super(ErrorCode.INVALID_REQUEST, message, details);
    }
}
