package forge.ai.runtime.vectors;

import java.time.Duration;

/**
 * The configuration, checked; see {@link LuceneVectorService.Config}.
 *
 * @param effort candidates of a search in the graph that asks for no number
 * @param graph how graphs are built
 * @param limits the sizes allowed
 * @param lockWait how long a change waits for another instance to let go of the collection
 */
record Settings(int effort, Graph graph, Limits limits, Duration lockWait) {

    /**
     * How the graph of a collection is built; for segments written from now on.
     *
     * @param links from each vector to others, at most
     * @param candidates that are looked at for each vector's links
     */
    record Graph(int links, int candidates) {}

    static Settings of(LuceneVectorService.Config config) {
        return new Settings(
                within(1, 10_000, "effort", config.effort()),
                new Graph(
                        within(2, 512, "graphLinks", config.graphLinks()),
                        within(2, 3_200, "graphCandidates", config.graphCandidates())),
                new Limits(
                        within(1, 10_000, "maxCollections", config.maxCollections()),
                        within(1, 100_000_000, "maxEntries", config.maxEntries()),
                        within(1, 16_384, "maxDimensions", config.maxDimensions()),
                        within(1, 100_000, "maxBatch", config.maxBatch()),
                        within(1, 100_000, "maxK", config.maxK()),
                        within(1, 16_777_216, "maxTextChars", config.maxTextChars()),
                        within(1, 1_000_000_000, "maxClusterValues", config.maxClusterValues())),
                Duration.ofMillis(within(0, 600_000, "lockWaitMillis", config.lockWaitMillis())));
    }

    private static int within(int least, int most, String key, int value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " = " + value + ": allowed is " + least + " to " + most);
        }
        return value;
    }
}
