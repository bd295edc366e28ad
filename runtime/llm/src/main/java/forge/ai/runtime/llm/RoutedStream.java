package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.TimedOutException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The stream that a caller reads. Until the first piece of content is there, another target takes over without the
 * caller noticing; after that a failure is thrown to the caller, for what was said cannot be taken back.
 */
final class RoutedStream implements CompletionStream {

    /** More than so many events before the first content are given to the reader, who then hears of failures too. */
    private static final int HELD = 64;

    private final CallAccount account;
    private final Attempts attempts;
    private final Ask<CompletionStream> ask;
    private final Calls calls;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ArrayDeque<CompletionEvent> ready = new ArrayDeque<>(2);
    private volatile @Nullable StreamAttempt attempt;
    private volatile @Nullable Attribution attribution;
    private volatile boolean reading;
    private volatile long readAt;
    /** What would not be missed if another target took over; it is for the reader once none does. */
    private final ArrayDeque<CompletionEvent> held = new ArrayDeque<>(2);

    private boolean started;
    private boolean finished;
    private @Nullable ForgeException failure;

    RoutedStream(CallAccount account, Attempts attempts, Ask<CompletionStream> ask, Calls calls) {
        this.account = account;
        this.attempts = attempts;
        this.ask = ask;
        this.calls = calls;
        this.readAt = calls.nanos();
    }

    /** Begins an attempt, after a pause where one is due. */
    void begin() throws InterruptedException {
        StreamAttempt next = new StreamAttempt(attempts.next(this::pause), ask, calls.executor());
        attempt = next;
        calls.start(next);
        if (closed.getCount() == 0) {
            next.cancel();
        }
    }

    private void pause(Duration time) throws InterruptedException {
        if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new CancelledException("the stream was closed");
        }
    }

    @Override
    public boolean hasNext() {
        if (!ready.isEmpty()) {
            return true;
        }
        if (failure != null) {
            throw failure;
        }
        if (finished) {
            return false;
        }
        reading = true;
        try {
            while (ready.isEmpty()) {
                fetch();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw broken(new CancelledException("interrupted while waiting for the answer"));
        } catch (ForgeException e) {
            throw broken(e);
        } finally {
            readAt = calls.nanos();
            reading = false;
        }
    }

    private ForgeException broken(ForgeException e) {
        Attribution by = attribution;
        ForgeException explained = Failures.explained(e, by == null ? attempts.attribution() : by);
        failure = explained;
        account.report().failed(explained);
        close();
        return explained;
    }

    private void fetch() throws InterruptedException {
        StreamAttempt current = attempt;
        if (current == null) {
            throw new CancelledException("the stream was closed");
        }
        try {
            accept(current, take(current));
        } catch (CancelledException e) {
            throw e;
        } catch (ForgeException e) {
            current.permit().failed(e);
            current.cancel();
            if (attribution != null) {
                throw e;
            }
            held.clear();
            started = false;
            attempts.failed(current.permit(), e);
            begin();
        }
    }

    private CompletionEvent take(StreamAttempt current) throws InterruptedException {
        Duration limit = attribution == null ? current.permit().left() : calls.idle();
        return current.channel()
                .take(limit)
                .orElseThrow(() -> new TimedOutException(
                        "nothing came from '" + current.permit().target().name() + "' within "
                                + (attribution == null ? current.permit().limit() : limit).toMillis() + " ms",
                        ErrorDetails.ofProvider(current.permit().target().provider())));
    }

    private void accept(StreamAttempt current, CompletionEvent event) {
        boolean content = StreamAttempt.content(event);
        if (attribution == null && !content && held.size() < HELD) {
            if (!(event instanceof CompletionEvent.TextDelta)) {
                started |= event instanceof CompletionEvent.Started;
                held.add(event);
            }
            return;
        }
        if (attribution == null) {
            attribution = attempts.attribution(current.permit());
            ready.addAll(held);
            held.clear();
        }
        if (content && !started) {
            ready.add(new CompletionEvent.Started("", current.permit().target().model()));
        }
        started |= content || event instanceof CompletionEvent.Started;
        ready.add(event);
        if (event instanceof CompletionEvent.Finished) {
            finished = true;
            attempt = null;
            account.close();
            account.report().answered(attribution);
            calls.over(this);
        }
    }

    @Override
    public CompletionEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer is complete");
        }
        return ready.remove();
    }

    @Override
    public Optional<Attribution> attribution() {
        return Optional.ofNullable(attribution);
    }

    /** Closes the stream if nobody has read it for so long. */
    void closeIfAbandoned(Duration limit) {
        if (!reading && calls.nanos() - readAt > limit.toNanos()) {
            close();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        StreamAttempt current = attempt;
        attempt = null;
        if (current != null) {
            current.cancel();
        }
        account.close();
        account.report().cancelled();
        calls.over(this);
    }
}
