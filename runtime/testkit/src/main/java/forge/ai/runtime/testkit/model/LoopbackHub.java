package forge.ai.runtime.testkit.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A server on the loopback that speaks as the Hub does: small files it serves itself, large ones (those over 200 bytes)
 * lie on another port, to which it sends. It can be told to misbehave.
 */
public final class LoopbackHub implements AutoCloseable {

    private static final int LARGE = 200;

    /** What is served for a file, and what the list says of it. */
    private record Served(byte[] content, String listedHash, long listedSize) {}

    private final HttpServer hub = start();
    private final HttpServer store = start();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Served> files = new ConcurrentHashMap<>();

    /** How many answers are still to be cut off. */
    public final AtomicInteger cuts = new AtomicInteger();

    /** Requests for contents. */
    public final AtomicInteger fileRequests = new AtomicInteger();

    /** Bytes of contents given. */
    public final AtomicLong bytesServed = new AtomicLong();

    /** The {@code Range} headers that came. */
    public final ConcurrentLinkedQueue<String> ranges = new ConcurrentLinkedQueue<>();

    /** Tokens that came where none should. */
    public final ConcurrentLinkedQueue<String> storeTokens = new ConcurrentLinkedQueue<>();

    /** Open once an answer has stalled. */
    public final CountDownLatch stalled = new CountDownLatch(1);

    /** The name of its one model. */
    public volatile String repository = "acme/tiny";

    /** The commit that all revisions stand for. */
    public volatile String commit = "a".repeat(40);

    /** The token that it wants, or empty. */
    public volatile String token = "";

    /** The status of all answers, or 0. */
    public volatile int status;

    /** Goes with {@link #status}. */
    public volatile String retryAfter = "";

    /** A file that nobody gets. */
    public volatile String gatedFile = "";

    /** Answers that are cut off are after so many bytes. */
    public volatile int cutAfter = Integer.MAX_VALUE;

    /** Longer answers stall after so many bytes. */
    public volatile int stallAfter = Integer.MAX_VALUE;

    /** Whether it gives whole files only. */
    public volatile boolean withoutRanges;

    /** Entries on one page of its list. */
    public volatile int page = 1000;

    public LoopbackHub() {
        hub.createContext("/", this::hub);
        store.createContext("/", this::store);
        hub.setExecutor(threads);
        store.setExecutor(threads);
        hub.start();
        store.start();
    }

    private static HttpServer start() {
        try {
            return HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is. */
    public String url() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    /** Gives the model a file. */
    public void put(String path, byte[] content) {
        putListedAs(path, content, content, content.length);
    }

    /** As {@link #put(String, byte[])}. */
    public void put(String path, String content) {
        put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Lists a file as something else than it is. */
    public void putListedAs(String path, byte[] content, byte[] listed, long size) {
        files.put(path, new Served(content, hash(listed), size));
    }

    /** Takes a file away. */
    public void remove(String path) {
        files.remove(path);
    }

    /** All files of a folder. */
    public void putAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    private static boolean large(byte[] content) {
        return content.length > LARGE;
    }

    private static String hash(byte[] content) {
        return large(content)
                ? digest("SHA-256", content)
                : digest("SHA-1", ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8), content);
    }

    /** A hash in hexadecimal digits. */
    public static String digest(String algorithm, byte[]... pieces) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] piece : pieces) {
                digest.update(piece);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String api = "/api/models/" + repository;
        String content = "/" + repository + "/resolve/" + commit + "/";
        if (status != 0) {
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            answer(exchange, status, "{\"error\":\"as told, with hf_secretsecret\"}");
        } else if (!token.isEmpty()
                && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"error\":\"Repository not found\"}");
        } else if (path.startsWith("/api/models/old/name/")) {
            exchange.getResponseHeaders().set("Location", path.replace("old/name", repository) + "?recursive=true");
            answer(exchange, 307, "{}");
        } else if (path.startsWith("/old/name/resolve/")) {
            exchange.getResponseHeaders().set("Location", path.replace("old/name", repository));
            answer(exchange, 307, "");
        } else if (path.equals(api + "/revision/main") || path.equals(api + "/revision/v1.0")) {
            answer(exchange, 200, "{\"sha\":\"" + commit + "\"}");
        } else if (path.equals(api + "/tree/" + commit)) {
            tree(exchange);
        } else if (path.startsWith(content) && files.containsKey(path.substring(content.length()))) {
            file(exchange, path.substring(content.length()));
        } else {
            answer(exchange, 404, "{\"error\":\"Entry not found\"}");
        }
    }

    private void tree(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int from = query.contains("cursor=") ? Integer.parseInt(query.substring(query.indexOf("cursor=") + 7)) : 0;
        StringBuilder entries = new StringBuilder("[{\"type\":\"directory\",\"oid\":\"x\",\"path\":\"onnx\"}");
        Map<String, Served> sorted = new TreeMap<>(files);
        sorted.entrySet().stream().skip(from).limit(page).forEach(entry -> {
            Served file = entry.getValue();
            boolean large = file.listedHash().length() == 64;
            entries.append(",{\"type\":\"file\",\"path\":\"%s\",\"oid\":\"%s\",\"size\":%d"
                    .formatted(
                            entry.getKey().replace("\\", "\\\\"),
                            large ? "b".repeat(40) : file.listedHash(),
                            file.listedSize()));
            if (large) {
                entries.append(",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":134}"
                        .formatted(file.listedHash(), file.listedSize()));
            }
            entries.append('}');
        });
        if (from + page < sorted.size()) {
            exchange.getResponseHeaders()
                    .set(
                            "Link",
                            "<%s/api/models/%s/tree/%s?recursive=true&cursor=%d>; rel=\"next\""
                                    .formatted(url(), repository, commit, from + page));
        }
        answer(exchange, 200, entries.append(']').toString());
    }

    private void file(HttpExchange exchange, String path) throws IOException {
        if (path.equals(gatedFile)) {
            answer(exchange, 403, "{\"error\":\"Access to model is restricted\"}");
        } else if (large(files.get(path).content())) {
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:" + store.getAddress().getPort() + "/" + path + "?signed=secret");
            answer(exchange, 302, "");
        } else {
            send(exchange, files.get(path).content());
        }
    }

    private void store(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null) {
            storeTokens.add(authorization);
        }
        send(
                exchange,
                files.get(exchange.getRequestURI().getPath().substring(1)).content());
    }

    private void send(HttpExchange exchange, byte[] content) throws IOException {
        fileRequests.incrementAndGet();
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        if (range != null && !withoutRanges) {
            ranges.add(range);
            from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        byte[] wanted = Arrays.copyOfRange(content, from, content.length);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, wanted.length == 0 ? -1 : wanted.length);
        int count = wanted.length;
        if (cuts.get() > 0 && count > cutAfter) {
            cuts.decrementAndGet();
            count = cutAfter;
        }
        boolean stalls = count > stallAfter;
        count = Math.min(count, stallAfter);
        exchange.getResponseBody().write(wanted, 0, count);
        exchange.getResponseBody().flush();
        bytesServed.addAndGet(count);
        if (stalls) {
            // Nothing more comes, and the connection stays.
            stalled.countDown();
        } else {
            exchange.close();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
