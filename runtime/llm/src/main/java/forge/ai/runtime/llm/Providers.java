package forge.ai.runtime.llm;

import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The providers that are there, by name, and how they do. */
final class Providers {

    private final LongSupplier nanos;
    private final LeaseRouters<LlmProvider> routers = new LeaseRouters<>(LlmProvider.NAME);
    private final ConcurrentHashMap<String, ProviderState> states = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> generations = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    Providers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes a provider in; what was known of an earlier one of its name no longer holds. */
    void add(LlmProvider provider, Map<String, ?> properties) {
        states.remove(name(properties));
        routers.add(provider, properties);
        changed(name(properties));
    }

    void update(LlmProvider provider, Map<String, ?> before, Map<String, ?> after) {
        routers.update(provider, before, after);
        changed(name(before));
        changed(name(after));
        forgetTheGone();
    }

    /** Sends no more calls to a provider and waits for those in flight; false if the limit came first. */
    boolean remove(LlmProvider provider, Map<String, ?> properties) {
        // Before, because waiting takes its time and calls go elsewhere meanwhile; after, for those that did not yet.
        changed(name(properties));
        boolean idle = routers.remove(provider, properties);
        changed(name(properties));
        forgetTheGone();
        return idle;
    }

    private void changed(String name) {
        generations.put(name, changes.incrementAndGet());
    }

    /** Another number after each change of the provider of that name: its answers may be others then. */
    long generation(String name) {
        return generations.getOrDefault(name, 0L);
    }

    private void forgetTheGone() {
        generations.keySet().removeIf(name -> !routers.present(name));
        states.keySet().removeIf(name -> !routers.present(name));
    }

    /** A hold on a provider; empty if there is none of that name, nor one to be expected at once. */
    Optional<Lease<LlmProvider>> acquire(String name) {
        return routers.acquire(name);
    }

    List<String> names() {
        return routers.names();
    }

    boolean present(String name) {
        return routers.present(name);
    }

    /** What is known of a provider; for one that is not there, nothing, and what is said of it is forgotten. */
    ProviderState state(String name) {
        return present(name) ? states.computeIfAbsent(name, key -> new ProviderState(nanos)) : new ProviderState(nanos);
    }

    List<ProviderStatus> statuses() {
        return names().stream().map(this::status).toList();
    }

    private ProviderStatus status(String name) {
        ProviderState.Sight sight = state(name).sight();
        int active = Math.toIntExact(routers.leases(name));
        return new ProviderStatus(name, sight.healthy(), sight.reason(), sight.since(), active);
    }

    /** The name in the properties of a provider, or empty. */
    static String name(Map<String, ?> properties) {
        Object name = properties.get(LlmProvider.NAME);
        return name == null ? "" : name.toString();
    }
}
