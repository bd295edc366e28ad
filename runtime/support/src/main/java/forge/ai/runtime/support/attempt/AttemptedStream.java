package forge.ai.runtime.support.attempt;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A stream that is begun as often as its attempts allow, until there is content. What comes before the content is held
 * back, so that nothing is seen of attempts that fail.
 */
public final class AttemptedStream<A> implements CompletionStream {

    private final Attempts<A> attempts;
    private final Function<A, CompletionStream> opener;
    private final Queue<CompletionEvent> held = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private A attempt;
    private volatile CompletionStream current;
    private boolean answered;

    /** The first attempt is under way when this returns. */
    public AttemptedStream(Attempts<A> attempts, Function<A, CompletionStream> opener) {
        this.attempts = attempts;
        this.opener = opener;
        attempt = attempts.next();
        current = open();
    }

    private CompletionStream open() {
        while (true) {
            try {
                return opener.apply(attempt);
            } catch (ForgeException e) {
                await(e);
                attempt = attempts.next();
            }
        }
    }

    @Override
    public boolean hasNext() {
        while (true) {
            if (!held.isEmpty() && answered) {
                return true;
            }
            try {
                if (answered) {
                    return current.hasNext();
                }
                while (!answered) {
                    hold();
                }
            } catch (ForgeException e) {
                again(e);
            }
        }
    }

    private void hold() {
        CompletionEvent event = current.next();
        held.add(event);
        if (!(event instanceof CompletionEvent.Started || event instanceof CompletionEvent.OnTheWire)) {
            answered = true;
            attempts.answered(attempt);
        }
    }

    private void again(ForgeException failure) {
        current.close();
        if (answered) {
            attempts.failed(attempt, failure, true);
            throw failure;
        }
        held.clear();
        await(failure);
        attempt = attempts.next();
        current = open();
        if (closed.getCount() == 0) {
            // Closed meanwhile, when the one before was still the current one.
            current.close();
        }
    }

    private void await(ForgeException failure) {
        Duration pause = attempts.failed(attempt, failure, false).orElseThrow(() -> failure);
        try {
            if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                throw AttemptedCall.cancelled(failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AttemptedCall.cancelled(failure);
        }
    }

    @Override
    public CompletionEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return held.isEmpty() ? current.next() : held.remove();
    }

    @Override
    public void close() {
        closed.countDown();
        current.close();
    }
}
