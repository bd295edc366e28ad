package forge.ai.runtime.support.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Constants;

/**
 * Gives calls a service that stays until they are through, while services come and go.
 *
 * <p>Meant for a declarative-services reference with {@code MULTIPLE, DYNAMIC, GREEDY}: its bind method calls
 * {@link #add}, its unbind method {@link #remove}. A call takes the first service, by ranking, that still gives leases;
 * if one has just left and its successor is not there yet, it waits, at most for the bridge. {@link #remove} returns
 * when the last lease on the service is closed or the drain limit is over: because the service component runtime
 * unbinds before it deactivates, a service is only shut down when it is idle.
 *
 * <p>Taking and closing a lease costs about 100 ns and no lock.
 */
public final class LeaseRouter<S> {

    /** How long a call waits for the successor of a service that has left. */
    public static final Duration BRIDGE = Duration.ofSeconds(2);

    /** How long a leaving service waits for its calls. */
    public static final Duration DRAIN = Duration.ofSeconds(30);

    private static final long GLANCE = TimeUnit.MICROSECONDS.toNanos(100);

    private final Duration bridge;
    private final Duration drain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile List<LeasedService<S>> services = List.of();
    private volatile long leftAt;

    public LeaseRouter() {
        this(BRIDGE, DRAIN);
    }

    public LeaseRouter(Duration bridge, Duration drain) {
        this.bridge = bridge;
        this.drain = drain;
        this.leftAt = System.nanoTime() - bridge.toNanos();
    }

    /**
     * Takes a service in.
     *
     * @param properties of the service: {@code service.ranking} and {@code service.id} give the order
     */
    public void add(S service, Map<String, ?> properties) {
        long id = properties.get(Constants.SERVICE_ID) instanceof Long l ? l : 0;
        lockAhead();
        try {
            List<LeasedService<S>> next = new ArrayList<>(services);
            next.add(new LeasedService<>(service, ranking(properties), id));
            sort(next);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes note that the properties of a service, which was added before, have changed. */
    public void update(S service, Map<String, ?> properties) {
        lockAhead();
        try {
            services.stream().filter(e -> e.service() == service).forEach(e -> e.rank(ranking(properties)));
            sort(new ArrayList<>(services));
        } finally {
            lock.unlock();
        }
    }

    private void sort(List<LeasedService<S>> next) {
        next.sort(Comparator.comparing(s -> s, LeasedService::compare));
        services = List.copyOf(next);
    }

    /**
     * Takes the lock before calls that wait for it: those may be virtual threads that get no carrier while others compute,
     * and who is behind them in the queue of the lock would wait for ever, though it is free.
     */
    private void lockAhead() {
        while (!lock.tryLock()) {
            LockSupport.parkNanos(GLANCE);
        }
    }

    private static int ranking(Map<String, ?> properties) {
        return properties.get(Constants.SERVICE_RANKING) instanceof Integer i ? i : 0;
    }

    /**
     * Sends no more calls to a service and waits for those in flight.
     *
     * @return false if calls were still in flight when the drain limit was over
     */
    public boolean remove(S service) {
        return detach(service).map(entry -> entry.awaitIdle(drain)).orElse(true);
    }

    /** Sends no more calls to a service, and does not wait. */
    Optional<LeasedService<S>> detach(S service) {
        Optional<LeasedService<S>> entry;
        lockAhead();
        try {
            entry = services.stream().filter(e -> e.service() == service).findFirst();
            services = services.stream().filter(e -> e.service() != service).toList();
            leftAt = System.nanoTime();
        } finally {
            lock.unlock();
        }
        entry.ifPresent(LeasedService::close);
        return entry;
    }

    /** A lease on the first service; empty if there is none and none came within the bridge. */
    public Optional<Lease<S>> acquire() {
        for (LeasedService<S> entry : services) {
            if (entry.enter()) {
                return Optional.of(new Lease<>(entry));
            }
        }
        return bridge();
    }

    private Optional<Lease<S>> bridge() {
        lockAhead();
        try {
            while (true) {
                // Under the lock no service can leave the list, and those in it are open: the first one takes us.
                for (LeasedService<S> entry : services) {
                    if (entry.enter()) {
                        return Optional.of(new Lease<>(entry));
                    }
                }
                long left = leftAt + bridge.toNanos() - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The services that calls go to, the first one first. */
    public List<S> services() {
        return services.stream().map(LeasedService::service).toList();
    }

    /** Calls in flight on the services that are there. */
    public long leases() {
        return services.stream().mapToLong(LeasedService::leases).sum();
    }

    /** Whether there is neither a service nor the prospect of one. */
    public boolean abandoned() {
        return services.isEmpty() && System.nanoTime() - leftAt >= bridge.toNanos();
    }
}
