package forge.ai.itest.bench;

import forge.ai.itest.ForgeProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the runtime holds for streams that are open and silent after their first piece: heap after a collection, and
 * resident memory, with none open, with all open, and once more with none. Takes the folder of the project;
 * {@code -Dstreams} says how many, {@code -Dtop} how many classes of objects to list each time.
 */
final class StreamsBenchmark {

    private static final int STREAMS = Integer.getInteger("streams", 512);
    private static final int TOP = Integer.getInteger("top", 0);
    private static final String REQUEST = """
            {"model":"up/m","stream":true,"messages":[{"role":"user","content":"What is the capital of Japan?"}]}""";
    private static final String PIECE = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
            + "{\"role\":\"assistant\",\"content\":\"Tokyo\"},\"finish_reason\":null}]}\n\n";

    private StreamsBenchmark() {}

    /** Answers every request with the beginning of a stream, and leaves it at that. */
    private static final class SilentUpstream implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());

        SilentUpstream() throws IOException {
            Thread.ofPlatform().daemon().start(this::accept);
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + listener.getLocalPort());
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                HttpMessage.skip(socket.getInputStream());
                String head =
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
                String chunk = Integer.toHexString(PIECE.length()) + "\r\n" + PIECE + "\r\n";
                socket.getOutputStream().write((head + chunk).getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().read();
            } catch (IOException e) {
                // The runtime has left.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("forge.root", Path.of(arguments[0]).toAbsolutePath().toString());
        Path home = Files.createTempDirectory("forge-benchmark");
        Path conf = Files.createDirectories(home.resolve("conf"));
        try (SilentUpstream upstream = new SilentUpstream()) {
            Files.writeString(
                    conf.resolve("forge.ai.provider.openai~up.cfg.json"),
                    "{\"name\":\"up\",\"baseUrl\":\"" + upstream.address() + "/v1\",\"models\":[\"m\"]}");
            try (ForgeProcess forge = ForgeProcess.start(home)) {
                // Once around, so that what the first use loads is not counted.
                close(open(forge.http(), STREAMS));
                long[] before = print(forge.pid(), "none open");
                List<Socket> open = open(forge.http(), STREAMS);
                long[] during = print(forge.pid(), STREAMS + " open");
                System.out.printf(
                        "a stream: heap %.1f kB, resident %.1f kB%n",
                        (during[0] - before[0]) / 1024.0 / STREAMS, (during[1] - before[1]) / 1024.0 / STREAMS);
                close(open);
                print(forge.pid(), "none open");
            }
        }
    }

    private static List<Socket> open(URI server, int count) throws IOException {
        List<Socket> open = new ArrayList<>();
        byte[] request = ("POST /v1/chat/completions HTTP/1.1\r\nHost: " + server.getAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + REQUEST.length() + "\r\n\r\n"
                        + REQUEST)
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(server.getHost(), server.getPort());
            socket.getOutputStream().write(request);
            open.add(socket);
        }
        for (Socket socket : open) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 512);
            String line = in.readLine();
            while (!line.contains("Tokyo")) {
                line = in.readLine();
            }
        }
        return open;
    }

    private static void close(List<Socket> open) throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Bytes of the heap in use after a collection, and bytes resident. */
    private static long[] print(long pid, String when) throws Exception {
        long heap = Long.MAX_VALUE;
        String histogram = "";
        for (int i = 0; i < 3; i++) {
            jcmd(pid, "GC.run");
            histogram = jcmd(pid, "GC.class_histogram");
            heap = Math.min(heap, heap(histogram));
        }
        histogram.lines().limit(TOP == 0 ? 0 : TOP + 3).forEach(System.out::println);
        long resident = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
        System.out.printf("%-10s heap %6.1f MB  resident %6.1f MB%n", when, heap / 1048576.0, resident / 1048576.0);
        return new long[] {heap, resident};
    }

    /** The last line of a histogram of live objects is {@code Total INSTANCES BYTES}. */
    private static long heap(String histogram) {
        String[] lines = histogram.strip().split("\n");
        return Long.parseLong(lines[lines.length - 1].strip().split("\\s+")[2]);
    }

    private static String jcmd(long pid, String command) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }
}
