package forge.ai.itest.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Sends the same request again and again over connections that stay open. */
final class HttpLoad {

    private final URI server;
    private final byte[] request;

    HttpLoad(URI server, String path, String json) {
        this.server = server;
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        this.request = ("POST " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What was measured: how many a second, and the median and 99th percentile of a request in microseconds. */
    record Outcome(long requests, double perSecond, double p50, double p99) {}

    /** Fails if any request does. */
    Outcome run(int connections, Duration duration) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + duration.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(threads.submit(() -> connection(end)));
            }
            List<long[]> nanos = new ArrayList<>();
            for (Future<long[]> one : running) {
                nanos.add(one.get());
            }
            long[] sorted =
                    nanos.stream().flatMapToLong(LongStream::of).sorted().toArray();
            return new Outcome(
                    sorted.length,
                    sorted.length / (duration.toNanos() / 1e9),
                    sorted[sorted.length / 2] / 1e3,
                    sorted[(int) (sorted.length * 0.99)] / 1e3);
        }
    }

    private long[] connection(long end) {
        long[] nanos = new long[1024];
        int count = 0;
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16_384);
            OutputStream out = socket.getOutputStream();
            for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
                out.write(request);
                if (!HttpMessage.skip(in)) {
                    throw new IOException("the server closed the connection");
                }
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = System.nanoTime() - start;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(nanos, count);
    }
}
