package forge.ai.runtime.models;

import forge.ai.api.ForgeException;

/** How loading a version ended. */
sealed interface Outcome {

    record Loaded(Instance instance) implements Outcome {}

    record Failed(ForgeException error) implements Outcome {}

    /** The files changed meanwhile; the next looks at the repository decide. */
    record Changed() implements Outcome {}
}
