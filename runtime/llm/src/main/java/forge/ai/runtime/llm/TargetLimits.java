package forge.ai.runtime.llm;

import forge.ai.runtime.support.limit.CallLimiter;
import forge.ai.runtime.support.limit.Entry;
import forge.ai.runtime.support.limit.Limits;
import forge.ai.runtime.support.limit.Pass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** The limits of providers, and of their models: whether one more attempt may go there now. */
final class TargetLimits {

    /** The passes of one attempt, or what denies it. */
    record Outcome(List<Pass> passes, Optional<Entry.Denial> denial) {}

    private static final Outcome FREE = new Outcome(List.of(), Optional.empty());

    private final LongSupplier nanos;
    private final Set<LimitConfiguration> configurations = new HashSet<>();
    private final Map<String, CallLimiter> known = new HashMap<>();
    private volatile Map<String, CallLimiter> limiters = Map.of();

    TargetLimits(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes limits in, or takes note that they have changed. */
    synchronized void put(LimitConfiguration configuration) {
        configurations.add(configuration);
        publish();
    }

    synchronized void remove(LimitConfiguration configuration) {
        configurations.remove(configuration);
        publish();
    }

    private void publish() {
        Map<String, CallLimiter> next = new HashMap<>();
        for (LimitConfiguration configuration : configurations) {
            String target = configuration.limited().target();
            Limits limits = configuration.limited().limits();
            CallLimiter limiter = known.computeIfAbsent(target, name -> new CallLimiter(limits, nanos));
            limiter.change(limits);
            next.put(target, limiter);
        }
        limiters = Map.copyOf(next);
    }

    /** Asks to let an attempt go to a target. */
    Outcome enter(Target target, long input, long output) {
        Map<String, CallLimiter> now = limiters;
        if (now.isEmpty()) {
            return FREE;
        }
        List<Pass> passes = new ArrayList<>(2);
        for (String name : List.of(target.provider(), target.name())) {
            CallLimiter limiter = now.get(name);
            if (limiter == null) {
                continue;
            }
            switch (limiter.enter(input, output)) {
                case Pass pass -> passes.add(pass);
                case Entry.Denial denial -> {
                    passes.forEach(Pass::withdraw);
                    return new Outcome(
                            List.of(),
                            Optional.of(new Entry.Denial("'" + name + "': " + denial.limit(), denial.retryAfter())));
                }
            }
        }
        return new Outcome(passes, Optional.empty());
    }
}
