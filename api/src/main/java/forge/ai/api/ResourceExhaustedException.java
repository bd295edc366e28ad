package forge.ai.api;

/** A queue, a memory budget or a limit of parallel work is full. Code {@link ErrorCode#RESOURCE_EXHAUSTED}. */
public final class ResourceExhaustedException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public ResourceExhaustedException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public ResourceExhaustedException(String message, ErrorDetails details) {
        super(ErrorCode.RESOURCE_EXHAUSTED, message, details);
    }
}
