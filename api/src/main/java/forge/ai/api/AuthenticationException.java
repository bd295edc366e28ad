package forge.ai.api;

/** The caller, or the runtime towards an upstream, could not prove who it is. Code {@link ErrorCode#AUTHENTICATION}. */
public final class AuthenticationException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public AuthenticationException(String message, ErrorDetails details) {
        super(ErrorCode.AUTHENTICATION, message, details);
    }
}
