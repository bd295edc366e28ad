package forge.ai.runtime.deploy;

import java.util.Optional;

/**
 * What a configuration is for.
 *
 * @param name {@code pid}, or {@code factory~name} for an instance of a factory
 */
record Pid(String name) {

    static final String ENDING = ".cfg.json";

    static Pid ofFile(String fileName) {
        return new Pid(fileName.substring(0, fileName.length() - ENDING.length()));
    }

    String file() {
        return name + ENDING;
    }

    /** The factory of which this is an instance. */
    Optional<String> factory() {
        int tilde = name.indexOf('~');
        return tilde < 0 ? Optional.empty() : Optional.of(name.substring(0, tilde));
    }

    /** What the bundle that takes the configuration declares: the PID, or that of the factory. */
    String declared() {
        return factory().orElse(name);
    }

    String instance() {
        return name.substring(name.indexOf('~') + 1);
    }
}
