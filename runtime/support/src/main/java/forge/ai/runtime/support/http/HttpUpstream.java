package forge.ai.runtime.support.http;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.runtime.support.thread.CallThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;

/**
 * The connections of one provider to its upstreams, with threads of its own. One for the life of a provider; addresses,
 * keys and limits come with each call as an {@link Endpoint} and may change in between.
 *
 * <p>A call runs in a virtual thread, so that its caller can be interrupted whatever its own thread is. Nothing is queued:
 * there are as many calls as there are callers waiting for them.
 */
public final class HttpUpstream implements AutoCloseable {

    /** The most bytes of a whole answer, decompressed. */
    public static final long MAX_ANSWER_BYTES = 256L << 20;

    /** How long {@link #close} waits for calls in flight. */
    public static final Duration DRAIN = Duration.ofSeconds(30);

    private static final int POOL = 64;
    private static final long KEEP_MINUTES = 5;

    private final ExecutorService threads = new CallThreads("upstream-");
    private final ConnectionPool pool = new ConnectionPool(POOL, KEEP_MINUTES, TimeUnit.MINUTES);
    private final Activity activity = new Activity();

    /** Those that are being read: OkHttp forgets a call once its answer has begun. */
    private final Set<Call> streams = ConcurrentHashMap.newKeySet();

    private final OkHttpClient client;
    private final Duration drain;
    private final long maxAnswerBytes;

    public HttpUpstream() {
        this(DRAIN, MAX_ANSWER_BYTES);
    }

    /**
     * @param drain how long {@link #close} waits for calls in flight
     * @param maxAnswerBytes the most bytes of a whole answer, decompressed
     */
    public HttpUpstream(Duration drain, long maxAnswerBytes) {
        this.drain = drain;
        this.maxAnswerBytes = maxAnswerBytes;
        Dispatcher dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        // Time limits are kept by the exchange and the stream: OkHttp's own count from other moments. Redirects are not
        // followed, because a key would go along.
        this.client = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(pool)
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .followRedirects(false)
                .followSslRedirects(false)
                .addNetworkInterceptor(HttpUpstream::withoutOwnRetry)
                .eventListenerFactory(HttpUpstream::listener)
                .build();
    }

    private static EventListener listener(Call call) {
        Exchange<?> exchange = call.request().tag(Exchange.class);
        return exchange == null ? EventListener.NONE : exchange;
    }

    /** OkHttp would at once repeat a request answered by 503 and {@code Retry-After: 0}; that is for the caller to decide. */
    private static Response withoutOwnRetry(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        return response.code() == 503 && "0".equals(response.header("Retry-After"))
                ? response.newBuilder()
                        .removeHeader("Retry-After")
                        .header("retry-after-ms", "0")
                        .build()
                : response;
    }

    /**
     * Makes a request and reads the whole answer, whatever its status.
     *
     * @param limit for all of it, zero for none
     * @throws forge.ai.api.ForgeException what kept the answer from coming
     */
    public HttpAnswer call(Endpoint endpoint, UpstreamRequest request, Duration limit) {
        UpstreamErrors errors = new UpstreamErrors(endpoint);
        enter(errors);
        UpstreamSpan span = UpstreamSpan.of(endpoint, request);
        try {
            Exchange<HttpAnswer> exchange = new Exchange<>(r -> whole(r, errors), endpoint, errors);
            Call call = client.newCall(request(endpoint, request, span, exchange, "gzip"));
            call.enqueue(exchange);
            HttpAnswer answer = exchange.await(call, limit, "no answer");
            span.answered(answer.status());
            return answer;
        } catch (CancelledException e) {
            throw span.failed(activity.closed() && !Thread.currentThread().isInterrupted() ? errors.closed() : e);
        } catch (ForgeException e) {
            throw span.failed(e);
        } finally {
            span.end();
            activity.leave();
        }
    }

    /** Begins a request whose answer comes piece by piece; it is under way when this returns. */
    public HttpStream stream(Endpoint endpoint, UpstreamRequest request) {
        UpstreamErrors errors = new UpstreamErrors(endpoint);
        enter(errors);
        UpstreamSpan span = UpstreamSpan.of(endpoint, request);
        Exchange<Response> exchange = new Exchange<>(
                r -> {
                    span.answered(r.code());
                    return r;
                },
                endpoint,
                errors);
        Call call = client.newCall(request(endpoint, request, span, exchange, "identity"));
        HttpStream stream = new HttpStream(call, exchange, errors, activity, () -> {
            streams.remove(call);
            span.end();
        });
        streams.add(call);
        call.enqueue(exchange);
        return stream;
    }

    private void enter(UpstreamErrors errors) {
        if (!activity.enter()) {
            throw errors.closed();
        }
    }

    private static Request request(
            Endpoint endpoint, UpstreamRequest request, UpstreamSpan span, Exchange<?> exchange, String encoding) {
        Request.Builder builder = new Request.Builder()
                .url(endpoint.baseUrl() + request.path() + endpoint.query())
                .header("User-Agent", "forge-ai")
                .header("Accept-Encoding", encoding)
                .tag(Exchange.class, exchange);
        for (Map.Entry<String, String> header : endpoint.headers().entrySet()) {
            builder.header(header.getKey(), header.getValue());
        }
        span.name(builder);
        byte[] body = request.body();
        return builder.method(request.method(), body == null ? null : new RequestBytes(request.type(), body, exchange))
                .build();
    }

    private HttpAnswer whole(Response response, UpstreamErrors errors) {
        HttpAnswer head = Bodies.head(response);
        try (response) {
            BufferedSource source = Bodies.decoded(response);
            Buffer body = new Buffer();
            while (source.read(body, 65536) >= 0) {
                if (body.size() > maxAnswerBytes) {
                    throw errors.protocol("an answer of more than " + maxAnswerBytes + " bytes", head);
                }
            }
            return new HttpAnswer(head.status(), head.headers(), body.readByteArray());
        } catch (IOException e) {
            throw errors.broken(e, head);
        }
    }

    /** Calls in flight, streams that are not closed among them. */
    public int active() {
        return activity.active();
    }

    /** Connections that are open, in use or not. */
    public int connections() {
        return pool.connectionCount();
    }

    /** Drops the connections that are not in use, after a change of address or key. */
    public void dropIdle() {
        pool.evictAll();
    }

    /** Waits, bounded, for the calls in flight, ends those that are left and frees connections and threads. */
    @Override
    public void close() {
        activity.drain(drain);
        client.dispatcher().cancelAll();
        streams.forEach(Call::cancel);
        threads.shutdown();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.evictAll();
    }
}
