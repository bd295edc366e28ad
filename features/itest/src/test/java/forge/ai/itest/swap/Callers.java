package forge.ai.itest.swap;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Calls the runtime from many threads, each one call after the other, until it is closed. */
final class Callers implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(70);

    private final Tally tally;
    private final AtomicLong numbers;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** @param numbers gives each call a number of its own */
    Callers(Tally tally, AtomicLong numbers) {
        this.tally = tally;
        this.numbers = numbers;
    }

    Callers start(int count, String kind, Call call) {
        for (int i = 0; i < count; i++) {
            String caller = kind + "-" + i;
            threads.add(Thread.ofVirtual().name(caller).start(() -> repeat(kind, caller, call)));
        }
        return this;
    }

    int count() {
        return threads.size();
    }

    private void repeat(String kind, String caller, Call call) {
        while (!closed) {
            long number = numbers.incrementAndGet();
            long start = System.nanoTime();
            try {
                call.run(caller, number);
                tally.right(kind, System.nanoTime() - start);
            } catch (IOException | WrongAnswer | RuntimeException e) {
                tally.wrong(caller + "#" + number, System.nanoTime() - start, e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Lets the calls in flight end. */
    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                if (!thread.join(LIMIT)) {
                    tally.wrong(thread.getName(), LIMIT.toNanos(), new IllegalStateException("the call does not end"));
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
