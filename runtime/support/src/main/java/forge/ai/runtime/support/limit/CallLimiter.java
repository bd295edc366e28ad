package forge.ai.runtime.support.limit;

import forge.ai.api.llm.RateLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps calls within limits of requests and tokens in a minute and of calls at a time. Tokens are reserved when a call
 * begins and settled when it is known how many it took: what was reserved too much is free again at once, what was too
 * little holds back those who come next.
 */
public final class CallLimiter {

    /** When a place among the parallel calls becomes free is not known. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final LongSupplier nanos;
    private final SlidingWindow requests;
    private final SlidingWindow tokens;
    private Limits limits;
    private int active;

    public CallLimiter(Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        // One origin: a pass has one slot, that of both.
        long origin = nanos.getAsLong();
        this.requests = new SlidingWindow(origin);
        this.tokens = new SlidingWindow(origin);
    }

    /** Changes the limits; what was used so far counts. */
    public void change(Limits value) {
        lock.lock();
        try {
            limits = value;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks to let a call in.
     *
     * @param input about how many tokens go in
     * @param output about how many may come out; no more than the limit leaves room for are reserved
     */
    public Entry enter(long input, long output) {
        lock.lock();
        try {
            long now = advance();
            long reserved = limits.tokens() == 0 ? input + output : Math.min(input + output, limits.tokens());
            if (limits.tokens() > 0 && input > limits.tokens()) {
                return new Entry.Denial(named("tokensPerMinute", limits.tokens()), Optional.empty());
            }
            if (limits.parallel() > 0 && active >= limits.parallel()) {
                return new Entry.Denial(named("parallel", limits.parallel()), Optional.of(SOON));
            }
            if (limits.requests() > 0 && requests.sum() + 1 > limits.requests()) {
                return denied("requestsPerMinute", limits.requests(), requests, 1, now);
            }
            if (limits.tokens() > 0 && tokens.sum() + reserved > limits.tokens()) {
                return denied("tokensPerMinute", limits.tokens(), tokens, reserved, now);
            }
            active++;
            requests.add(1);
            tokens.add(reserved);
            return new Pass(this, requests.slot(), reserved);
        } finally {
            lock.unlock();
        }
    }

    private static String named(String key, long limit) {
        return key + " = " + limit;
    }

    private static Entry.Denial denied(String key, long limit, SlidingWindow window, long amount, long now) {
        return new Entry.Denial(named(key, limit), Optional.of(window.until(limit - amount, now)));
    }

    private long advance() {
        long now = nanos.getAsLong();
        requests.advance(now);
        tokens.advance(now);
        return now;
    }

    void settle(Pass pass, long taken) {
        lock.lock();
        try {
            if (!pass.settled) {
                pass.settled = true;
                advance();
                tokens.correct(pass.slot, taken - pass.tokens);
            }
        } finally {
            lock.unlock();
        }
    }

    void withdraw(Pass pass) {
        lock.lock();
        try {
            if (!pass.closed) {
                advance();
                requests.correct(pass.slot, -1);
            }
            close(pass);
        } finally {
            lock.unlock();
        }
    }

    void close(Pass pass) {
        lock.lock();
        try {
            settle(pass, 0);
            if (!pass.closed) {
                pass.closed = true;
                active--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Calls that are in. */
    public int active() {
        lock.lock();
        try {
            return active;
        } finally {
            lock.unlock();
        }
    }

    /** What is left now. */
    public RateLimits state() {
        lock.lock();
        try {
            long now = advance();
            return new RateLimits(
                    Optional.of(requests.state(limits.requests(), now)).filter(s -> s.limit() > 0),
                    Optional.of(tokens.state(limits.tokens(), now)).filter(s -> s.limit() > 0));
        } finally {
            lock.unlock();
        }
    }
}
