package forge.ai.api;

/** The input or the answer was refused by a content filter. Code {@link ErrorCode#CONTENT_FILTERED}. */
public final class ContentFilteredException extends ForgeException {

    private static final long serialVersionUID = 1L;

    public ContentFilteredException(String message) {
        this(message, ErrorDetails.NONE);
    }

    public ContentFilteredException(String message, ErrorDetails details) {
        super(ErrorCode.CONTENT_FILTERED, message, details);
    }
}
