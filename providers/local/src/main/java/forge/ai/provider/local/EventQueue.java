package forge.ai.provider.local;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.TimedOutException;
import forge.ai.api.llm.CompletionEvent;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Hands events from the thread that generates to the one that reads; holds at most one answer. */
final class EventQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<CompletionEvent> events = new ArrayDeque<>();
    private @Nullable ForgeException failure;
    private boolean cancelled;

    void put(CompletionEvent event) {
        lock.lock();
        try {
            events.add(event);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing comes any more; thrown once what came before is read. */
    void fail(ForgeException reason) {
        lock.lock();
        try {
            failure = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is to read any more: who does, also one who waits already, gets {@link CancelledException}. */
    void cancel() {
        lock.lock();
        try {
            cancelled = true;
            events.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next event; waits until {@link System#nanoTime()} is at the deadline. */
    CompletionEvent take(long deadline) {
        lock.lock();
        try {
            while (!cancelled && events.isEmpty() && failure == null) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new TimedOutException("the model did not answer within the limit of time");
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            if (cancelled) {
                throw new CancelledException("the call was cancelled");
            }
            CompletionEvent event = events.poll();
            if (event != null) {
                return event;
            }
            throw thrown(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the call was interrupted");
        } finally {
            lock.unlock();
        }
    }

    /** A new exception each time, so that the trace is the reader's. */
    private static ForgeException thrown(@Nullable ForgeException failure) {
        if (failure == null) {
            throw new IllegalStateException("neither an event nor a failure");
        }
        return ForgeException.of(failure.code(), String.valueOf(failure.getMessage()), failure.details());
    }
}
