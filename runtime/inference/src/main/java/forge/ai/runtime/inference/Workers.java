package forge.ai.runtime.inference;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that compute. What takes long is computed by platform threads, made as they are needed: a call into native
 * code would hold up a virtual thread's carrier. Handing work over never waits for a lock, for the caller may be a virtual thread that holds a model.
 */
final class Workers implements Threads, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private static final long IDLE = TimeUnit.SECONDS.toNanos(30);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedDeque<Thread> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /** At once; how many there are is limited by who hands tasks over. */
    @Override
    public void start(Runnable task, boolean brief) {
        if (closed) {
            throw new RejectedExecutionException("the engine is stopped");
        }
        if (brief) {
            Thread.ofVirtual()
                    .name("inference")
                    .inheritInheritableThreadLocals(false)
                    .start(() -> run(task));
        } else {
            execute(task);
        }
    }

    private void execute(Runnable task) {
        tasks.add(task);
        Thread free = idle.pollFirst();
        if (free != null) {
            LockSupport.unpark(free);
        } else {
            begin(task);
        }
    }

    private void begin(Runnable task) {
        try {
            Thread thread = Thread.ofPlatform()
                    .daemon()
                    .name("inference")
                    .inheritInheritableThreadLocals(false)
                    .unstarted(this::loop);
            // Not the caller's: it would hold the caller's bundle.
            thread.setContextClassLoader(Workers.class.getClassLoader());
            thread.start();
        } catch (OutOfMemoryError e) {
            if (tasks.remove(task)) {
                throw new RejectedExecutionException("no more threads can be made", e);
            }
        }
    }

    private void loop() {
        Thread me = Thread.currentThread();
        boolean stays = true;
        while (stays && !closed) {
            work();
            idle.addFirst(me);
            // What was handed over before this thread was in the list waits for nobody else.
            if (tasks.isEmpty()) {
                long until = System.nanoTime() + IDLE;
                while (idle.contains(me) && stays && !closed) {
                    LockSupport.parkNanos(this, IDLE);
                    stays = System.nanoTime() < until;
                }
            }
            idle.remove(me);
        }
        work();
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A computation failed", e);
        }
    }

    /** Takes no more tasks; those at work are finished. */
    @Override
    public void close() {
        closed = true;
        idle.forEach(LockSupport::unpark);
    }
}
