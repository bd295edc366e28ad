package forge.ai.runtime.conversations;

import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Route;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many tokens the models take: as configured, else as their providers say, of a route the least of its targets.
 * Providers are asked again after a while.
 */
final class Windows {

    private static final long FRESH = Duration.ofMinutes(1).toNanos();

    private record Known(Map<String, Integer> sizes, long at) {}

    private final Supplier<Settings> settings;
    private final LongSupplier nanos;
    private final ReentrantLock asking = new ReentrantLock();
    private final Known nothing;
    private volatile Known known;

    Windows(Supplier<Settings> settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
        this.nothing = new Known(Map.of(), nanos.getAsLong() - FRESH);
        this.known = nothing;
    }

    OptionalInt of(String model, LlmService llm) {
        OptionalInt configured = configured(model);
        if (configured.isPresent()) {
            return configured;
        }
        List<String> targets = llm.routes().stream()
                .filter(route -> route.name().equals(model))
                .findFirst()
                .map(Route::targets)
                .orElse(List.of(model));
        Map<String, Integer> sizes = sizes(llm);
        return targets.stream()
                .flatMapToInt(target -> {
                    OptionalInt size = configured(target);
                    return size.isPresent() ? size.stream() : OptionalInt.of(sizes.getOrDefault(target, 0)).stream();
                })
                .filter(size -> size > 0)
                .min();
    }

    private OptionalInt configured(String model) {
        Integer size = settings.get().windows().get(model);
        return size == null ? OptionalInt.empty() : OptionalInt.of(size);
    }

    private Map<String, Integer> sizes(LlmService llm) {
        if (stale() && enter()) {
            try {
                if (stale()) {
                    known = new Known(ask(llm), nanos.getAsLong());
                }
            } finally {
                asking.unlock();
            }
        }
        return known.sizes();
    }

    private boolean stale() {
        return nanos.getAsLong() - known.at() >= FRESH;
    }

    /** While one caller asks the providers, which may take a while, the others go by what was known before, if anything. */
    private boolean enter() {
        if (known == nothing) {
            asking.lock();
            return true;
        }
        return asking.tryLock();
    }

    private static Map<String, Integer> ask(LlmService llm) {
        Map<String, Integer> sizes = new HashMap<>();
        for (LlmModel model : llm.models()) {
            model.contextTokens().ifPresent(size -> sizes.put(model.id(), size));
        }
        return Map.copyOf(sizes);
    }
}
