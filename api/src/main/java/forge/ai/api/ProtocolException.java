package forge.ai.api;

/** The upstream broke its own format: a truncated stream, an unreadable answer. Code {@link ErrorCode#PROTOCOL}. */
public final class ProtocolException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public ProtocolException(String message, ErrorDetails details) {
        super(ErrorCode.PROTOCOL, message, details);
    }
}
