package forge.ai.runtime.testkit.otlp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A collector on the loopback address that takes OTLP over HTTP and keeps what comes. */
public final class OtlpCollector implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CollectedSpan> spans = new CopyOnWriteArrayList<>();
    private final Map<String, Double> metrics = new ConcurrentHashMap<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    public OtlpCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/traces", exchange -> take(exchange, this::traces));
        server.createContext("/v1/metrics", exchange -> take(exchange, this::metrics));
        server.start();
    }

    private interface Reader {
        void read(ProtoMessage message);
    }

    private void take(HttpExchange exchange, Reader reader) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) {
                authorizations.add(authorization);
            }
            reader.read(ProtoMessage.read(exchange.getRequestBody().readAllBytes()));
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void traces(ProtoMessage request) {
        request.messages(1, 2, 2).stream().map(CollectedSpan::of).forEach(spans::add);
    }

    private void metrics(ProtoMessage request) {
        for (ProtoMessage metric : request.messages(1, 2, 2)) {
            double total = 0;
            for (ProtoMessage point : metric.messages(5, 1)) {
                total += point.real(4);
            }
            for (ProtoMessage point : metric.messages(7, 1)) {
                total += point.real(4);
            }
            for (ProtoMessage point : metric.messages(9, 1)) {
                total += point.number(4);
            }
            metrics.put(metric.text(1), total);
        }
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All spans so far. */
    public List<CollectedSpan> spans() {
        return spans;
    }

    /** The sum of the values of each metric, of histograms the number of values, as they came last. */
    public Map<String, Double> metrics() {
        return metrics;
    }

    /** The header of each request that had it. */
    public List<String> authorizations() {
        return authorizations;
    }

    /**
     * The spans of a trace, once one of them is there; those that have not ended by then are not among them.
     *
     * @param last which of them is awaited
     */
    public List<CollectedSpan> await(Predicate<CollectedSpan> last, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            for (CollectedSpan span : spans) {
                if (last.test(span)) {
                    List<CollectedSpan> all = new ArrayList<>(spans);
                    all.removeIf(s -> !s.trace().equals(span.trace()));
                    return all;
                }
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no such span within " + limit + "; there are: "
                        + spans.stream().map(CollectedSpan::name).toList());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
