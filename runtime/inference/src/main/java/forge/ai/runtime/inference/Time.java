package forge.ai.runtime.inference;

import java.util.concurrent.locks.LockSupport;

/** The clock, and the waiting of threads for one another; a simulation puts its own in its place. */
interface Time {

    /** That of the machine. */
    Time REAL = new Time() {
        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public void park(Object blocker, long nanos) {
            if (nanos == Long.MAX_VALUE) {
                // Without a limit it costs a virtual thread no timer.
                LockSupport.park(blocker);
            } else {
                LockSupport.parkNanos(blocker, nanos);
            }
        }

        @Override
        public void unpark(Thread thread) {
            LockSupport.unpark(thread);
        }
    };

    /** In nanoseconds, from no certain beginning. */
    long now();

    /** As {@link LockSupport#parkNanos}; {@link Long#MAX_VALUE} is without a limit. */
    void park(Object blocker, long nanos);

    void unpark(Thread thread);
}
