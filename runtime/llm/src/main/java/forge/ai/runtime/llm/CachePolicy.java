package forge.ai.runtime.llm;

import forge.ai.api.llm.GenerationOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which answers are kept to be given again.
 *
 * @param which those
 * @param time how long they are kept
 */
record CachePolicy(Which which, Duration time) {

    /** Which requests get an answer that was given before. */
    enum Which {
        /** None. */
        OFF,
        /**
         * Those that ask for the same answer each time: with temperature 0, with only the likeliest token, or with a seed.
         * Whoever asks otherwise may ask several times because it wants several answers.
         */
        REPEATABLE,
        /** All. */
        ALL
    }

    static final CachePolicy OFF = new CachePolicy(Which.OFF, Duration.ZERO);

    private static final long MOST_SECONDS = 2_592_000;

    /** @throws IllegalArgumentException that names the key and what is allowed */
    static CachePolicy of(String which, long seconds) {
        Which chosen = Stream.of(Which.values())
                .filter(w -> key(w).equals(which))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("cache = '" + which + "': allowed is "
                        + Stream.of(Which.values()).map(CachePolicy::key).collect(Collectors.joining(", "))));
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException("cacheSeconds = " + seconds + ": allowed is 1 to " + MOST_SECONDS);
        }
        return new CachePolicy(chosen, Duration.ofSeconds(seconds));
    }

    private static String key(Which which) {
        return which.name().toLowerCase(Locale.ROOT);
    }

    boolean covers(GenerationOptions options) {
        return switch (which) {
            case OFF -> false;
            case REPEATABLE ->
                options.temperature().orElse(1) == 0
                        || options.topK().orElse(0) == 1
                        || options.seed().isPresent();
            case ALL -> true;
        };
    }
}
