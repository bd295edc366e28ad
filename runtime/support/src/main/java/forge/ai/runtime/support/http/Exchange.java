package forge.ai.runtime.support.http;

import forge.ai.api.ForgeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Response;

/**
 * One call to an upstream, from the request to the arrival of the answer. It watches its own progress, so that the
 * limit for connecting is told from the limit for answering, and so that nothing is sent twice that may have arrived.
 */
final class Exchange<T> extends EventListener implements Callback {

    /** What to make of the answer, in the thread of the call. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Response response) throws IOException;
    }

    private final Reader<T> reader;
    private final UpstreamErrors errors;
    private final Duration connectLimit;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile boolean connected;
    private volatile boolean fresh;
    private volatile boolean answered;

    Exchange(Reader<T> reader, Endpoint endpoint, UpstreamErrors errors) {
        this.reader = reader;
        this.connectLimit = endpoint.limits().connect();
        this.errors = errors;
    }

    /**
     * Whether the request may have been taken by the upstream. On a connection that was kept from an earlier call and
     * turns out to be dead it was not, and it is sent again.
     */
    boolean mayHaveArrived() {
        return fresh || answered;
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        fresh = true;
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        connected = true;
    }

    @Override
    public void responseHeadersStart(Call call) {
        answered = true;
    }

    @Override
    public void onResponse(Call call, Response response) {
        try {
            if (!result.complete(reader.read(response))) {
                response.close();
            }
        } catch (IOException | RuntimeException e) {
            response.close();
            result.completeExceptionally(e);
        }
    }

    @Override
    public void onFailure(Call call, IOException e) {
        result.completeExceptionally(e);
    }

    /**
     * Waits for the result.
     *
     * @param limit zero for none
     * @param what to say when it is over
     */
    T await(Call call, Duration limit, String what) {
        try {
            return await(limit, what);
        } catch (ExecutionException e) {
            throw failure(call, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.cancelled();
        } finally {
            if (result.completeExceptionally(new IOException("given up")) || result.isCompletedExceptionally()) {
                call.cancel();
            }
        }
    }

    private T await(Duration limit, String what) throws ExecutionException, InterruptedException {
        boolean connectFirst = !connectLimit.isZero() && (limit.isZero() || connectLimit.compareTo(limit) < 0);
        Duration waited = Duration.ZERO;
        if (connectFirst) {
            try {
                return result.get(connectLimit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (!connected) {
                    throw errors.timeout("no connection", connectLimit);
                }
                waited = connectLimit;
            }
        }
        try {
            return limit.isZero()
                    ? result.get()
                    : result.get(limit.minus(waited).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw errors.timeout(connected ? what : "no connection", limit);
        }
    }

    /** Closes an answer that nobody takes any more, be it there or still to come. */
    void discard(Consumer<T> closer) {
        result.thenAccept(closer);
    }

    private RuntimeException failure(Call call, Throwable cause) {
        return switch (cause) {
            case ForgeException e -> e;
            case IOException e -> call.isCanceled() ? errors.cancelled() : errors.unreachable(e);
            case RuntimeException e -> e;
            default -> new IllegalStateException(cause);
        };
    }
}
