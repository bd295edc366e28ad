package forge.ai.console.channel;

import forge.ai.console.channel.client.Frame;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One who has connected: what he says is read by one thread, what he is told goes out through the {@link Outbox}. */
final class Client implements AutoCloseable {

    private static final int HEADER_LIMIT = 16 * 1024;

    private final SocketChannel channel;
    private final DataInputStream in;
    private final Outbox outbox;

    Client(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
        this.outbox = new Outbox(Channels.newOutputStream(channel));
    }

    /** The first line. */
    String header() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() == HEADER_LIMIT) {
                throw new IOException("no first line of at most " + HEADER_LIMIT + " bytes");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    /** The next frame; empty where the client has closed. */
    Optional<Frame> read() throws IOException {
        return Frame.read(in);
    }

    Outbox outbox() {
        return outbox;
    }

    /** One line on standard error, and the end with status 1. */
    void refuse(String message) throws InterruptedException {
        outbox.put(new Frame(Frame.Kind.ERROR, ("error: " + message + "\n").getBytes(StandardCharsets.UTF_8)));
        outbox.finish(1);
    }

    @Override
    public void close() {
        outbox.close();
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }
}
