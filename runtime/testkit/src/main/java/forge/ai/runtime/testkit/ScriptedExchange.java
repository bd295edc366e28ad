package forge.ai.runtime.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request to a {@link ScriptedUpstream}, and the means to answer it well or badly. */
public final class ScriptedExchange {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;
    private boolean complete;

    private ScriptedExchange(Socket socket, InputStream in, String start, Map<String, String> headers, byte[] body)
            throws IOException {
        this.socket = socket;
        this.in = in;
        this.out = socket.getOutputStream();
        String[] parts = start.split(" ");
        this.method = parts[0];
        this.path = parts[1];
        this.headers = headers;
        this.body = body;
    }

    /** Null at the end of the connection. */
    static @Nullable ScriptedExchange read(Socket socket) throws IOException {
        // Unbuffered, so that nothing of a later request is lost with the buffer.
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1);
        String start = line(in);
        if (start.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        return new ScriptedExchange(socket, in, start, headers, in.readNBytes(length));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    /** The value of a header, or empty. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** A whole answer. */
    public void answer(int status, String type, String text, String... moreHeaders) throws IOException {
        answer(status, type, text.getBytes(StandardCharsets.UTF_8), moreHeaders);
    }

    /** A whole answer; further headers as {@code Name: value}. */
    public void answer(int status, String type, byte[] bytes, String... moreHeaders) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head(status, type, "Content-Length: " + bytes.length, moreHeaders));
        all.writeBytes(bytes);
        raw(all.toByteArray());
        complete = true;
    }

    /** Begins an answer in chunks. */
    public void begin(int status, String type, String... moreHeaders) throws IOException {
        raw(head(status, type, "Transfer-Encoding: chunked", moreHeaders));
    }

    private static byte[] head(int status, String type, String framing, String... moreHeaders) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\n");
        head.append(framing).append("\r\n");
        for (String header : moreHeaders) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One chunk. */
    public void chunk(String text) throws IOException {
        chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One chunk. */
    public void chunk(byte[] bytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(bytes);
        all.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        raw(all.toByteArray());
    }

    /** Ends an answer in chunks as it should. */
    public void end() throws IOException {
        raw("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        complete = true;
    }

    /** Bytes just as they are. */
    public void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Breaks the connection with a reset. */
    public void reset() throws IOException {
        ScriptedUpstream.reset(socket);
    }

    /** Waits until the client closes the connection; false if it did not within the limit. */
    public boolean awaitDisconnect(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    boolean reusable() {
        return complete && !socket.isClosed();
    }
}
