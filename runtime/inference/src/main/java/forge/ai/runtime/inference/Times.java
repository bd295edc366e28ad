package forge.ai.runtime.inference;

/**
 * When the steps of a computation were, by {@link System#nanoTime}.
 *
 * @param began when its inputs began to be put together
 * @param started when the model began
 * @param stopped when the model ended
 * @param ended when the outputs were dealt out
 */
record Times(long began, long started, long stopped, long ended) {

    /** A computation for one request, which takes the inputs and outputs as they are. */
    static Times alone(long started, long stopped) {
        return new Times(started, started, stopped, stopped);
    }

    /** Whether there was anything to put together. */
    boolean shared() {
        return began != started;
    }

    long input() {
        return started - began;
    }

    long infer() {
        return stopped - started;
    }

    long output() {
        return ended - stopped;
    }
}
