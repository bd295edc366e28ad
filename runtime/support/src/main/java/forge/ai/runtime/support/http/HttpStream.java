package forge.ai.runtime.support.http;

import forge.ai.api.ForgeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * An answer that comes piece by piece. Read by one thread; {@link #close} may be called by any, at any time, and ends the
 * request upstream at once.
 */
public final class HttpStream implements AutoCloseable {

    private static final long MAX_REST_BYTES = 1 << 20;

    private final Call call;
    private final Exchange<Response> exchange;
    private final UpstreamErrors errors;
    private final Activity activity;
    private final Runnable whenReleased;
    // Held while reading: what is read must not be closed by another thread.
    private final ReentrantLock reading = new ReentrantLock();
    private volatile boolean closed;
    private boolean released;
    private boolean atEnd;
    private @Nullable Response response;
    private @Nullable BufferedSource body;
    private @Nullable HttpAnswer head;
    private @Nullable Duration limit;

    /** @param whenReleased done once, when the answer is freed */
    HttpStream(
            Call call, Exchange<Response> exchange, UpstreamErrors errors, Activity activity, Runnable whenReleased) {
        this.call = call;
        this.exchange = exchange;
        this.errors = errors;
        this.activity = activity;
        this.whenReleased = whenReleased;
    }

    /** What to make of failures of this stream. */
    public UpstreamErrors errors() {
        return errors;
    }

    /**
     * Waits for the answer to begin.
     *
     * @param limit zero for none
     * @return status and headers, of success
     * @throws ForgeException what kept the answer from beginning, an error status among it
     */
    public HttpAnswer awaitHead(Duration limit) {
        return locked(() -> {
            HttpAnswer status = begin(limit);
            if (!status.successful()) {
                throw errors.status(rest(status, body(), limit));
            }
            return status;
        });
    }

    /** As {@link #awaitHead}, but an answer with another status is no failure, such as one that leads elsewhere. */
    public HttpAnswer awaitAnswer(Duration limit) {
        return locked(() -> begin(limit));
    }

    private HttpAnswer begin(Duration limit) throws IOException {
        Response answer = exchange.await(call, limit, "no answer");
        response = answer;
        HttpAnswer status = Bodies.head(answer);
        head = status;
        body = Bodies.decoded(answer);
        return status;
    }

    /**
     * Takes the answer as a whole, up to a megabyte, because it is not the stream that it should be.
     *
     * @param limit zero for none
     */
    public HttpAnswer rest(HttpAnswer status, Duration limit) {
        return locked(() -> rest(status, body(), limit));
    }

    private static HttpAnswer rest(HttpAnswer status, BufferedSource source, Duration limit) {
        Buffer bytes = new Buffer();
        if (!limit.isZero()) {
            source.timeout().deadlineNanoTime(System.nanoTime() + limit.toNanos());
        }
        try {
            while (bytes.size() < MAX_REST_BYTES && source.read(bytes, 65536) >= 0) {
                // Reads on.
            }
        } catch (IOException e) {
            // It is a failure all the same; of its explanation there is what has come.
        }
        return new HttpAnswer(status.status(), status.headers(), bytes.readByteArray());
    }

    /** Limits the time until all reads are done that follow, up to the next call of this; zero for none. */
    public void limit(Duration value) {
        locked(() -> {
            limit = value;
            BufferedSource source = body();
            if (value.isZero()) {
                source.timeout().clearDeadline();
            } else {
                source.timeout().deadlineNanoTime(System.nanoTime() + value.toNanos());
            }
            return value;
        });
    }

    /**
     * Waits for more of the answer.
     *
     * @return how many bytes were put into the buffer, or -1 at the end
     */
    public int read(byte[] buffer) {
        return locked(() -> {
            int count = body().read(buffer);
            atEnd = count < 0;
            return count;
        });
    }

    private BufferedSource body() {
        if (body == null) {
            throw new IllegalStateException("the answer has not begun");
        }
        return body;
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private <T> T locked(Step<T> step) {
        reading.lock();
        try {
            if (closed) {
                throw ended();
            }
            return step.run();
        } catch (IOException e) {
            throw failure(e);
        } catch (ForgeException e) {
            throw closed ? ended() : e;
        } finally {
            reading.unlock();
            if (closed) {
                release();
            }
        }
    }

    private ForgeException failure(IOException e) {
        if (closed || call.isCanceled() || Thread.currentThread().isInterrupted()) {
            return ended();
        }
        HttpAnswer begun = head;
        if (begun == null) {
            return errors.unreachable(e);
        }
        return e instanceof InterruptedIOException && limit != null
                ? errors.timeout("no further piece", limit)
                : errors.broken(e, begun);
    }

    private ForgeException ended() {
        return activity.closed() && !closed ? errors.closed() : errors.cancelled();
    }

    /** Ends the request if it is still going on; else gives the connection back for the next one. */
    @Override
    public void close() {
        closed = true;
        if (!atEndOfBody()) {
            call.cancel();
        }
        release();
    }

    /** Takes what is left of an answer whose end was seen, so that its connection can be used again, and closes it. */
    public void finish() {
        reading.lock();
        try {
            closed = true;
            // Closing the body waits a moment for the rest of it.
            release();
        } finally {
            reading.unlock();
        }
    }

    private boolean atEndOfBody() {
        if (!reading.tryLock()) {
            return false;
        }
        try {
            return atEnd || released;
        } finally {
            reading.unlock();
        }
    }

    /** Frees the answer, now or, if another thread reads from it, when that one is through. */
    private void release() {
        if (!reading.tryLock()) {
            return;
        }
        try {
            if (!released) {
                released = true;
                exchange.discard(Response::close);
                whenReleased.run();
                activity.leave();
            }
        } finally {
            reading.unlock();
        }
    }
}
