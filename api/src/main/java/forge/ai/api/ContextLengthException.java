package forge.ai.api;

/** The input does not fit the context window of the model. Code {@link ErrorCode#CONTEXT_LENGTH}. */
public final class ContextLengthException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public ContextLengthException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public ContextLengthException(String message, ErrorDetails details) {
        super(ErrorCode.CONTEXT_LENGTH, message, details);
    }
}
