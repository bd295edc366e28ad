package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import java.util.List;

/** How loading a version ended. */
sealed interface Outcome {

    /**
     * It is in memory.
     *
     * @param digest of its files
     * @param instances as many as were asked for
     */
    record Loaded(String digest, List<Instance> instances) implements Outcome {}

    record Failed(ForgeException error) implements Outcome {}

    /** The files changed meanwhile; the next looks at the repository decide. */
    record Changed() implements Outcome {}
}
