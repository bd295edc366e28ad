package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.CompletionEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Hands events from the thread of an attempt to the reader of the stream; a full one makes the former wait. */
final class EventChannel {

    private static final int CAPACITY = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<CompletionEvent> events = new ArrayDeque<>(CAPACITY);
    private @Nullable ForgeException failure;
    private boolean closed;

    /** Waits for space; false once the channel is closed. */
    boolean put(CompletionEvent event) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && events.size() >= CAPACITY) {
                changed.await();
            }
            if (!closed) {
                events.add(event);
                changed.signalAll();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** What the reader gets after the events that are there already. */
    void fail(ForgeException value) {
        lock.lock();
        try {
            failure = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From any thread: the reader is to get nothing more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            events.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next event; empty if none came within the limit. */
    Optional<CompletionEvent> take(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new CancelledException("the stream was closed");
                }
                CompletionEvent event = events.poll();
                if (event != null) {
                    changed.signalAll();
                    return Optional.of(event);
                }
                if (failure != null) {
                    throw failure;
                }
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
