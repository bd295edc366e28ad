package forge.ai.api;

/** The caller is known but may not do this. Code {@link ErrorCode#PERMISSION}. */
public final class PermissionException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public PermissionException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public PermissionException(String message, ErrorDetails details) {
        super(ErrorCode.PERMISSION, message, details);
    }
}
