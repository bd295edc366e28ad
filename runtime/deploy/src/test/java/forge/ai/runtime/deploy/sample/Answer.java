package forge.ai.runtime.deploy.sample;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.osgi.framework.FrameworkUtil;

/** A service that takes a while to answer with the version of its bundle, and fails if it is shut down meanwhile. */
public final class Answer implements Supplier<String> {

    private static final long CALL_NANOS = 2_000_000;

    private volatile boolean closed;

    @Override
    public String get() {
        failIfClosed();
        LockSupport.parkNanos(CALL_NANOS);
        failIfClosed();
        return FrameworkUtil.getBundle(getClass()).getVersion().toString();
    }

    private void failIfClosed() {
        if (closed) {
            throw new IllegalStateException("called after it was shut down");
        }
    }

    /** Shuts it down. */
    void close() {
        closed = true;
    }
}
