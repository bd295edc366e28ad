package forge.ai.runtime.support.limit;

/** A call that was let in; it may be settled and closed by any thread, in any order, each once. */
public final class Pass implements Entry, AutoCloseable {

    private final CallLimiter limiter;
    final long slot;
    final long tokens;
    boolean settled;
    boolean closed;

    Pass(CallLimiter limiter, long slot, long tokens) {
        this.limiter = limiter;
        this.slot = slot;
        this.tokens = tokens;
    }

    /** The call has taken so many tokens, in place of those reserved. */
    public void settle(long taken) {
        limiter.settle(this, taken);
    }

    /** The call is not made after all: it does not count. */
    public void withdraw() {
        limiter.withdraw(this);
    }

    /** The call is over; if it was not settled, it took no tokens. */
    @Override
    public void close() {
        limiter.close(this);
    }
}
