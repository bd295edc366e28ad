package forge.ai.provider.local.grammar;

/** A grammar by which nothing can be written. */
final class UnsatisfiableException extends RuntimeException {
    private static final long serialVersionUID = 1;
}
