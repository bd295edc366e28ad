package forge.ai.runtime.support.thread;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A virtual thread for each call. It forgets the call once that is through: a class loader of Felix 7.0.5 can keep a
 * thread for which it loaded a class, a virtual thread keeps its task, and the task would keep the classes of a provider
 * after its bundle is gone.
 */
public final class CallThreads extends AbstractExecutorService {

    private final ExecutorService threads;

    /** @param name of the threads, a number follows */
    public CallThreads(String name) {
        threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name, 0).factory());
    }

    /** Only the JDK's classes between the thread and the call, and of those a future lets go of its task at the end. */
    @Override
    public void execute(Runnable call) {
        threads.execute(new FutureTask<>(call, null));
    }

    @Override
    public void shutdown() {
        threads.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return threads.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return threads.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return threads.awaitTermination(timeout, unit);
    }
}
