package forge.ai.runtime.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Sends one request over and over again on some connections, each waiting for its answer, with little CPU of its own. */
public final class LoadClient {

    private static final String BASE64 = "base64:";

    private final int port;
    private final byte[] request;
    private volatile boolean stop;

    /** @param header one more, as in {@code Name: value}, or empty */
    private LoadClient(int port, String path, byte[] body, String header) {
        this.port = port;
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                        + (header.isEmpty() ? "" : "\r\n" + header) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
    }

    /**
     * What was measured.
     *
     * @param rate answers a second
     * @param middle the median of the times until an answer in microseconds
     * @param high the 99th percentile of these
     */
    private record Outcome(double rate, double middle, double high) {}

    /**
     * Arguments: port, path, body (text, or bytes as {@code base64:...}), optionally a header; then, for each line of
     * standard input, connections and milliseconds of one round.
     */
    public static void main(String[] arguments) throws Exception {
        String body = arguments[2];
        LoadClient client = new LoadClient(
                Integer.parseInt(arguments[0]),
                arguments[1],
                body.startsWith(BASE64)
                        ? Base64.getDecoder().decode(body.substring(BASE64.length()))
                        : body.getBytes(StandardCharsets.UTF_8),
                arguments.length > 3 ? arguments[3] : "");
        var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] round = line.split(" ");
            Outcome outcome = client.run(Integer.parseInt(round[0]), Long.parseLong(round[1]));
            System.out.println(outcome.rate + " " + outcome.middle + " " + outcome.high);
        }
    }

    private Outcome run(int connections, long millis) throws Exception {
        stop = false;
        LongAdder answers = new LongAdder();
        List<double[]> times = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            double[] mine = new double[200_000];
            times.add(mine);
            threads.add(Thread.ofPlatform().start(() -> answers.add(loop(mine))));
        }
        long began = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(millis);
        stop = true;
        double took = System.nanoTime() - began;
        for (Thread thread : threads) {
            thread.join();
        }
        double[] all = times.stream()
                .flatMapToDouble(Arrays::stream)
                .filter(t -> t > 0)
                .sorted()
                .toArray();
        return new Outcome(answers.sum() / took * 1e9, all[all.length / 2] / 1e3, all[all.length * 99 / 100] / 1e3);
    }

    private int loop(double[] times) {
        int count = 0;
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            byte[] buffer = new byte[8192];
            while (!stop) {
                long began = System.nanoTime();
                socket.getOutputStream().write(request);
                answer(socket.getInputStream(), buffer);
                times[count++ % times.length] = System.nanoTime() - began;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return count;
    }

    /** Reads one answer, which must be right: status 200 and a length. */
    private static void answer(InputStream in, byte[] buffer) throws IOException {
        int size = 0;
        int end = -1;
        while (end < 0 || size < end) {
            int read = in.read(buffer, size, buffer.length - size);
            if (read < 0) {
                throw new IOException("the server has closed the connection");
            }
            size += read;
            if (end < 0) {
                end = end(buffer, size);
            }
        }
    }

    private static int end(byte[] buffer, int size) throws IOException {
        int head = -1;
        for (int i = 3; i < size && head < 0; i++) {
            head = buffer[i] == '\n' && buffer[i - 2] == '\n' ? i + 1 : -1;
        }
        if (head < 0) {
            return -1;
        }
        if (buffer[9] != '2') {
            throw new IOException(new String(buffer, 0, size, StandardCharsets.UTF_8));
        }
        String text = new String(buffer, 0, head, StandardCharsets.ISO_8859_1);
        int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        int stop = text.indexOf('\r', at);
        return head + Integer.parseInt(text.substring(at + 16, stop).strip());
    }
}
