package forge.ai.provider.local.grammar;

/** A schema that is wrong, or asks for what cannot be kept to. */
public final class SchemaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean unsupported;

    SchemaException(String message, boolean unsupported) {
        super(message);
        this.unsupported = unsupported;
    }

    /** Whether the schema is right, and only more than is supported. */
    public boolean unsupported() {
        return unsupported;
    }
}
