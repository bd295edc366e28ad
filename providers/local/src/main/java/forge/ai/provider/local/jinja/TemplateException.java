package forge.ai.provider.local.jinja;

/** A template that cannot be read, or says that it cannot take what it is given, or wants more than it may have. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TemplateException(String message) {
        super(message);
    }
}
