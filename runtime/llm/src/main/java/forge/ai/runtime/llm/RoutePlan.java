package forge.ai.runtime.llm;

import forge.ai.api.ErrorCode;
import forge.ai.runtime.support.limit.Limits;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the calls to one name go, as it was configured at one moment.
 *
 * @param route the route's name, or empty where the caller named provider and model
 * @param strategy puts the targets in order
 * @param targets where calls can go, at least one
 * @param attempts the most attempts for one call, 1 or more
 * @param deadline the longest time for all attempts together; of a stream, until its first piece
 * @param attemptLimit the longest time for one attempt, where set
 * @param fallbackOn the errors after which another target is tried
 * @param cache which answers are given again
 * @param limits how much the route may be used
 */
record RoutePlan(
        String route,
        Strategy strategy,
        List<Target> targets,
        int attempts,
        Duration deadline,
        Optional<Duration> attemptLimit,
        Set<ErrorCode> fallbackOn,
        CachePolicy cache,
        Limits limits) {

    RoutePlan {
        targets = List.copyOf(targets);
        fallbackOn = Set.copyOf(fallbackOn);
    }

    /** The plan of a call that names provider and model. */
    static RoutePlan direct(Target target, Settings settings) {
        return new RoutePlan(
                "",
                Strategy.PRIORITY,
                List.of(target),
                settings.attempts(),
                settings.deadline(),
                Optional.empty(),
                EnumSet.noneOf(ErrorCode.class),
                settings.cache(),
                Limits.NONE);
    }

    /** What the caller asked for: the route, or {@code provider/model}. */
    String name() {
        return route.isEmpty() ? targets.getFirst().name() : route;
    }

    /** What the caller asked for, for messages. */
    String label() {
        return route.isEmpty() ? "'" + targets.getFirst().name() + "'" : "route '" + route + "'";
    }
}
