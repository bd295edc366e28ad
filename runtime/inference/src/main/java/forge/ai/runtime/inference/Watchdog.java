package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.CancelledException;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.lease.InFlight;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Ends computations made in their caller's thread when the time is over or the thread is interrupted. */
final class Watchdog implements AutoCloseable {

    private static final long LOOK = Duration.ofMillis(5).toNanos();

    /** After so many looks at nothing it sleeps until something runs. */
    private static final int PATIENCE = 400;

    private final InFlight<Watched> running = new InFlight<>(64);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("inference watchdog").unstarted(this::watch);
    private volatile boolean asleep;
    private volatile boolean closed;

    /** A computation in its caller's thread; each call and each signal is there once. */
    private record Watched(Call call, Cancellation cancellation) {

        boolean over() {
            return call.waiter().isInterrupted() || call.limit().over();
        }
    }

    void start() {
        thread.start();
    }

    /** Computes a call in this thread. */
    InferenceResult run(String name, Call call, Costs costs, Counters counters) {
        Watched watched = new Watched(call, new Cancellation());
        int place = running.put(watched);
        if (asleep) {
            LockSupport.unpark(thread);
        }
        long started = System.nanoTime();
        try {
            Map<String, Tensor> outputs =
                    Computation.run(name, call.model(), call.inputs(), call.outputs(), watched.cancellation);
            Times times = Times.alone(started, System.nanoTime());
            costs.note(call.rows(), times.infer());
            counters.computed(call.rows(), times);
            counters.answered(call, times);
            Tracing.computed(call, times);
            return call.result(outputs, times, call.rows());
        } catch (CancelledException e) {
            throw watched.over() ? call.limit().end(name) : e;
        } finally {
            running.remove(place, watched);
        }
    }

    private void watch() {
        int idle = 0;
        while (!closed) {
            boolean nothing = running.visit(Watchdog::look);
            idle = nothing ? idle + 1 : 0;
            if (idle < PATIENCE) {
                LockSupport.parkNanos(this, LOOK);
            } else {
                sleep();
                idle = 0;
            }
        }
    }

    private static void look(Watched one) {
        if (one.over()) {
            one.cancellation.cancel();
        }
    }

    private void sleep() {
        asleep = true;
        // Looked at again after the flag is up: who began before saw it down.
        while (running.visit(Watchdog::look) && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
