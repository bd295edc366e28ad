package forge.ai.backend.sklearn.pickle;

/**
 * A class or function that a pickle names.
 *
 * @param name with its module
 */
public record PyClass(String name) {}
