package forge.ai.provider.azure;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One regional endpoint and how it fares. After a failure it rests, longer each time; then one call tries whether it is
 * well again. A deployment whose rate is used up rests alone. Times are by {@link System#nanoTime}.
 */
final class Region {

    /** How long it rests first; twice as long after each further failure. */
    static final Duration FIRST_REST = Duration.ofSeconds(1);

    private static final int MOST_DOUBLINGS = 5;
    private static final Duration MOST_RATE_REST = Duration.ofMinutes(1);
    private static final int MANY_DEPLOYMENTS = 1000;
    private static final Health WELL = new Health(0, 0, 0);

    /**
     * Its health.
     *
     * @param failures in a row, each noticed by calls that began after the one before
     * @param since when the last failure or trial was
     * @param until when it may be tried
     */
    private record Health(int failures, long since, long until) {

        private long rest() {
            return FIRST_REST.toNanos() << Math.min(failures - 1, MOST_DOUBLINGS);
        }
    }

    private final String address;
    private final AtomicReference<Health> health = new AtomicReference<>(WELL);
    private final AtomicInteger key = new AtomicInteger();
    private final Map<String, Long> limited = new ConcurrentHashMap<>();

    Region(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    /** The number of the key that it took last. */
    int key() {
        return key.get();
    }

    void moveKey(int from, int to) {
        key.compareAndSet(from, to);
    }

    /** Whether a call may go here now: it is well, or the call is the one that tries. */
    boolean enter(String deployment, long now) {
        if (limited(deployment, now)) {
            return false;
        }
        Health seen = health.get();
        if (seen.failures() == 0) {
            return true;
        }
        // The trial itself rests the others, and needs no end if nobody tells how it went.
        return now - seen.until() >= 0
                && health.compareAndSet(seen, new Health(seen.failures(), now, now + seen.rest()));
    }

    boolean limited(String deployment, long now) {
        Long until = limited.get(deployment);
        return until != null && now - until < 0;
    }

    /** How long until it may be tried. */
    long rest(String deployment, long now) {
        Health seen = health.get();
        long rest = seen.failures() == 0 ? 0 : Math.max(0, seen.until() - now);
        Long until = limited.get(deployment);
        return until == null ? rest : Math.max(rest, until - now);
    }

    void answered() {
        if (health.get() != WELL) {
            health.set(WELL);
        }
    }

    /** @param begun when the call began; what is known since then is not counted twice */
    void failed(ForgeException failure, String deployment, long begun, long now) {
        if (failure.code() == ErrorCode.RATE_LIMITED) {
            limit(failure.retryAfter().orElse(FIRST_REST), deployment, now);
            return;
        }
        health.updateAndGet(seen -> {
            if (seen.failures() > 0 && begun - seen.since() < 0) {
                return seen;
            }
            Health next = new Health(seen.failures() + 1, now, now);
            return new Health(next.failures(), now, now + next.rest());
        });
    }

    private void limit(Duration rest, String deployment, long now) {
        if (limited.size() >= MANY_DEPLOYMENTS) {
            limited.values().removeIf(until -> now - until >= 0);
        }
        if (limited.size() < MANY_DEPLOYMENTS) {
            Duration least = rest.compareTo(MOST_RATE_REST) < 0 ? rest : MOST_RATE_REST;
            limited.put(deployment, now + least.toNanos());
        }
    }

    @Override
    public String toString() {
        return "Region[" + address + "]";
    }
}
