package forge.ai.runtime.support.lease;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One {@link LeaseRouter} for each name that services carry in a property; names that nobody has are forgotten. */
public final class LeaseRouters<S> {

    private final String nameProperty;
    private final ConcurrentHashMap<String, LeaseRouter<S>> routers = new ConcurrentHashMap<>();

    /** @param nameProperty the service property that holds the name; a service without one is not taken in */
    public LeaseRouters(String nameProperty) {
        this.nameProperty = nameProperty;
    }

    /** Takes a service in under its name. */
    public void add(S service, Map<String, ?> properties) {
        routers.values().removeIf(LeaseRouter::abandoned);
        name(properties)
                .ifPresent(name -> routers.compute(name, (key, router) -> {
                    LeaseRouter<S> found = router == null ? new LeaseRouter<>() : router;
                    found.add(service, properties);
                    return found;
                }));
    }

    /**
     * Takes note that the properties of a service, which was added before, have changed. One that has another name now
     * gets no more calls under the old one; those in flight are not waited for.
     */
    public void update(S service, Map<String, ?> before, Map<String, ?> after) {
        if (name(before).equals(name(after))) {
            name(after).map(routers::get).ifPresent(router -> router.update(service, after));
        } else {
            add(service, after);
            name(before).map(routers::get).ifPresent(router -> router.detach(service));
        }
    }

    /** Sends no more calls to a service and waits for those in flight; false if the drain limit came first. */
    public boolean remove(S service, Map<String, ?> properties) {
        return name(properties)
                .map(routers::get)
                .map(router -> router.remove(service))
                .orElse(true);
    }

    /** A lease on the service of that name; empty if there is none and none came within the bridge. */
    public Optional<Lease<S>> acquire(String name) {
        return Optional.ofNullable(routers.get(name)).flatMap(LeaseRouter::acquire);
    }

    /** Whether a service of that name is there now. */
    public boolean present(String name) {
        LeaseRouter<S> router = routers.get(name);
        return router != null && !router.services().isEmpty();
    }

    /** The names that services have now, sorted. */
    public List<String> names() {
        return routers.entrySet().stream()
                .filter(e -> !e.getValue().services().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Calls in flight under a name. */
    public long leases(String name) {
        return Optional.ofNullable(routers.get(name)).map(LeaseRouter::leases).orElse(0L);
    }

    private Optional<String> name(Map<String, ?> properties) {
        return Optional.ofNullable(properties.get(nameProperty)).map(Object::toString);
    }
}
