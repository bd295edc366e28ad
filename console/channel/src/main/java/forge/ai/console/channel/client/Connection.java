package forge.ai.console.channel.client;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A client's connection to the runtime of a home folder; read by one thread, written by any. */
final class Connection implements AutoCloseable {

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;

    private Connection(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
    }

    /**
     * Connects.
     *
     * @param header the first line, without its end
     * @throws NoRuntimeException if nobody listens there
     */
    static Connection open(Path home, String header) throws IOException {
        SocketChannel channel;
        try (SocketPath path = SocketPath.of(home.resolve("data"), SocketPath.NAME)) {
            channel = SocketChannel.open(path.address());
        } catch (java.net.ConnectException | java.nio.file.NoSuchFileException e) {
            throw new NoRuntimeException(home);
        } catch (java.net.SocketException e) {
            throw absent(e) ? new NoRuntimeException(home) : e;
        }
        Connection connection = new Connection(channel);
        connection.tell((header + "\n").getBytes(StandardCharsets.US_ASCII));
        return connection;
    }

    private void tell(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            // The runtime closed at once; what it said before that tells why.
        }
    }

    // The JDK gives the kernel's ENOENT as a bare SocketException.
    private static boolean absent(IOException e) {
        return String.valueOf(e.getMessage()).contains("No such file");
    }

    /** The working folder as a word of the first line. */
    static String folder() {
        return URLEncoder.encode(Path.of("").toAbsolutePath().toString(), StandardCharsets.UTF_8);
    }

    Optional<Frame> read() throws IOException {
        return Frame.read(in);
    }

    void write(Frame.Kind kind, byte[] data) throws IOException {
        synchronized (out) {
            new Frame(kind, data).write(out);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
