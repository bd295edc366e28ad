package forge.ai.runtime.inference;

import java.time.Duration;

/**
 * The configuration of the engine, checked; see {@link BatchingInferenceService.Config}.
 *
 * @param queue the most requests of one model version that wait
 * @param parallel the most computations of one model version at the same time
 * @param drain how long requests in flight have when the engine stops
 * @param scaleDown how long an instance has to be one too many before it goes
 */
record Settings(int queue, int parallel, Duration drain, Duration scaleDown) {

    static Settings of(BatchingInferenceService.Config config) {
        int parallel = (int) within("parallel", config.parallel(), 0, 1024);
        return new Settings(
                (int) within("queue", config.queue(), 1, 1_000_000),
                parallel == 0 ? Runtime.getRuntime().availableProcessors() : parallel,
                Duration.ofMillis(within("drainMillis", config.drainMillis(), 0, 600_000)),
                Duration.ofSeconds(within("scaleDownSeconds", config.scaleDownSeconds(), 1, 86_400)));
    }

    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s: %s is %d; allowed is %d to %d"
                    .formatted(BatchingInferenceService.PID, key, value, least, most));
        }
        return value;
    }
}
