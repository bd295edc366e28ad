package forge.ai.runtime.support.lease;

import java.util.concurrent.atomic.AtomicBoolean;

/** A hold on a service: until it is closed, whoever withdraws the service waits. Close it once the call is through. */
public final class Lease<S> implements AutoCloseable {

    private final LeasedService<S> entry;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Lease(LeasedService<S> entry) {
        this.entry = entry;
    }

    public S service() {
        return entry.service();
    }

    /** Lets go; a second call does nothing. May be called by another thread than the one that took the lease. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            entry.leave();
        }
    }
}
