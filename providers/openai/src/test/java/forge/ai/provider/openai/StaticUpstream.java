package forge.ai.provider.openai;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Answers every request with the same bytes, a stream or a whole, as fast as it can; a process of its own, so that its
 * work is not counted with that of its callers. Prints its port and ends when its input does.
 */
final class StaticUpstream {

    private static final int PIECES = 20;
    private static final String PIECE =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                    + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n";
    private static final String WHOLE =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":20,\"total_tokens\":29}}";

    private StaticUpstream() {}

    public static void main(String[] arguments) throws IOException {
        ServerSocket server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        byte[] whole = answer("application/json", WHOLE.formatted("word ".repeat(PIECES)));
        String words = PIECE.formatted("{\"content\":\"word \"}", "null").repeat(PIECES);
        byte[] stream = answer("text/event-stream", words + PIECE.formatted("{}", "\"stop\"") + "data: [DONE]\n\n");
        Thread.ofPlatform().daemon().start(() -> accept(server, whole, stream));
        System.out.println(server.getLocalPort());
        while (System.in.read() >= 0) {
            // Until the one who started it goes.
        }
    }

    private static byte[] answer(String type, String body) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void accept(ServerSocket server, byte[] whole, byte[] stream) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> serve(socket, whole, stream));
            }
        } catch (IOException e) {
            // The process ends.
        }
    }

    private static void serve(Socket socket, byte[] whole, byte[] stream) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                int length = 0;
                for (String line = line(in); !line.isEmpty(); line = line(in)) {
                    if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                        length = Integer.parseInt(line.substring(15).strip());
                    }
                }
                String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
                out.write(body.contains("\"stream\":true") ? stream : whole);
            }
        } catch (IOException e) {
            // The caller went away.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int b = in.read();
        while (b != '\n') {
            if (b < 0) {
                throw new IOException("the end");
            }
            line.append((char) b);
            b = in.read();
        }
        return line.toString().stripTrailing();
    }
}
