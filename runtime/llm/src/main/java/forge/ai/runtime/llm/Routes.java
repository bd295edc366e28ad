package forge.ai.runtime.llm;

import forge.ai.api.llm.Route;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouters;
import forge.ai.runtime.support.limit.CallLimiter;
import forge.ai.runtime.support.limit.Limits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The configured routes by name, and what traffic has shown of their targets. */
final class Routes {

    private static final String NAME = "name";
    /** A file that is deleted and written anew leaves a gap, in which what was used is not forgotten. */
    private static final int GONE = 1000;

    private final LongSupplier nanos;
    /** A configuration that is deleted and written anew leaves a gap, which the router bridges. */
    private final LeaseRouters<RouteConfiguration> routers = new LeaseRouters<>(NAME);

    private final Map<RouteConfiguration, Map<String, Object>> known = new HashMap<>();
    private final ConcurrentHashMap<String, CallLimiter> limiters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, TargetState> states = new ConcurrentHashMap<>();

    Routes(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes a route in, or takes note that it has changed. */
    synchronized void put(RouteConfiguration route, Map<String, ?> service) {
        Map<String, Object> now = new HashMap<>(service);
        now.put(NAME, route.plan().route());
        Map<String, Object> before = known.put(route, now);
        if (before == null) {
            routers.add(route, now);
        } else {
            routers.update(route, before, now);
        }
        forgetTheGone();
    }

    /** Calls that began on the route finish on it. */
    synchronized void remove(RouteConfiguration route) {
        Map<String, Object> before = known.remove(route);
        if (before != null) {
            routers.remove(route, before);
        }
        forgetTheGone();
    }

    private void forgetTheGone() {
        Set<String> named = new HashSet<>();
        known.keySet().forEach(r -> r.plan().targets().forEach(t -> named.add(t.name())));
        named.forEach(name -> states.computeIfAbsent(name, key -> new TargetState(nanos)));
        states.keySet().retainAll(named);
        if (limiters.size() > known.size() + GONE) {
            limiters.keySet()
                    .retainAll(
                            known.keySet().stream().map(r -> r.plan().route()).toList());
        }
    }

    /** The plan of the route of that name; empty if there is none, nor one to be expected at once. */
    Optional<RoutePlan> plan(String name) {
        try (Lease<RouteConfiguration> lease = routers.acquire(name).orElse(null)) {
            return Optional.ofNullable(lease).map(l -> l.service().plan());
        }
    }

    List<Route> list() {
        return routers.names().stream()
                .flatMap(name -> plan(name).stream())
                .map(plan -> new Route(
                        plan.route(),
                        plan.strategy().key(),
                        plan.targets().stream().map(Target::name).toList()))
                .toList();
    }

    /** What keeps the calls of a route within its limits; empty if it has none. */
    Optional<CallLimiter> limiter(RoutePlan plan) {
        if (plan.route().isEmpty() || plan.limits().equals(Limits.NONE)) {
            return Optional.empty();
        }
        return Optional.of(limiters.compute(plan.route(), (name, limiter) -> {
            CallLimiter kept = limiter == null ? new CallLimiter(plan.limits(), nanos) : limiter;
            kept.change(plan.limits());
            return kept;
        }));
    }

    /** What is known of a target; of one that no route names, nothing, and what is said of it is forgotten. */
    TargetState state(Target target) {
        TargetState state = states.get(target.name());
        return state == null ? new TargetState(nanos) : state;
    }

    /** There is reason to believe that the targets of a provider are well again. */
    void hopeful(String provider) {
        states.forEach((name, state) -> {
            if (name.startsWith(provider + "/")) {
                state.hopeful();
            }
        });
    }
}
