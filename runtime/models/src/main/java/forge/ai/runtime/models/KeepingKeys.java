package forge.ai.runtime.models;

import forge.ai.api.model.Caching;
import forge.ai.api.model.Pipeline;
import forge.ai.api.model.Sequencing;
import forge.ai.api.tensor.DataType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads what {@code config.json} says of what is kept between requests: results, and the state of sequences.
 *
 * @param setting gives a value by its name
 */
record KeepingKeys(Function<String, Setting> setting) {

    static final Set<String> NAMES = Set.of("cache", "state", "sequences");

    private static final int MOST_STATES = 1024;
    private static final int MOST_DIMENSIONS = 16;
    private static final int LARGEST = 1 << 24;
    private static final int MOST_SEQUENCES = 1_000_000;
    private static final long LEAST_BYTES = 1024;
    private static final long MOST_BYTES = 1L << 40;
    private static final int MOST_SECONDS = 2_592_000;

    /** @param pipeline of a model that is made of others, nothing of its own is kept */
    Caching cache(Pipeline pipeline) {
        Setting cache = setting.apply("cache");
        Set<String> known = Set.of("enabled", "maxBytes", "ttlSeconds");
        Caching none = Caching.DEFAULT;
        boolean enabled = cache.in("enabled", known).flag(none.enabled());
        if (enabled && !pipeline.steps().isEmpty()) {
            return cache.refuse("nothing beside steps; their models may have caches");
        }
        return new Caching(
                enabled,
                cache.in("maxBytes", known).count(LEAST_BYTES, MOST_BYTES, none.maxBytes()),
                seconds(cache.in("ttlSeconds", known), none.ttl()));
    }

    Sequencing sequences(Pipeline pipeline) {
        Setting state = setting.apply("state");
        if (!state.missing() && !pipeline.steps().isEmpty()) {
            return state.refuse("nothing beside steps; their models may have states");
        }
        Setting sequences = setting.apply("sequences");
        Set<String> known = Set.of("max", "idleSeconds", "drainSeconds");
        Sequencing none = Sequencing.DEFAULT;
        return new Sequencing(
                state.items(MOST_STATES).stream().map(KeepingKeys::state).toList(),
                sequences.in("max", known).whole(1, MOST_SEQUENCES, none.max()),
                seconds(sequences.in("idleSeconds", known), none.idle()),
                seconds(sequences.in("drainSeconds", known), none.drain()));
    }

    private static Sequencing.State state(Setting state) {
        Set<String> known = Set.of("input", "output", "dtype", "shape");
        Setting shape = state.in("shape", known);
        return new Sequencing.State(
                state.in("input", known).name(),
                state.in("output", known).name(),
                type(state.in("dtype", known)),
                shape.missing() ? Optional.empty() : Optional.of(sizes(shape)));
    }

    private static List<Long> sizes(Setting shape) {
        return shape.items(MOST_DIMENSIONS).stream()
                .map(size -> (long) size.whole(1, LARGEST, 1))
                .toList();
    }

    private static Optional<DataType> type(Setting type) {
        if (type.missing()) {
            return Optional.empty();
        }
        return Arrays.stream(DataType.values())
                .filter(known -> known != DataType.BYTES
                        && known.name().equals(type.value().asText()))
                .findFirst()
                .or(() -> type.refuse("a type of numbers, such as FP32"));
    }

    private static Duration seconds(Setting setting, Duration otherwise) {
        return Duration.ofSeconds(setting.whole(1, MOST_SECONDS, (int) otherwise.toSeconds()));
    }
}
