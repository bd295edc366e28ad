package forge.ai.console.channel;

import forge.ai.console.channel.client.Frame;
import forge.ai.console.channel.client.SocketPath;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Types into a shell and reads what it shows, as the client does with the bytes of a terminal. */
final class Typist implements AutoCloseable {

    private static final int LIMIT_SECONDS = 15;

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final StringBuilder unread = new StringBuilder();

    private Typist(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(Channels.newInputStream(channel));
        this.out = new DataOutputStream(Channels.newOutputStream(channel));
    }

    static Typist open(Path home, Path folder) throws IOException {
        try (SocketPath path = SocketPath.of(home.resolve("data"), SocketPath.NAME)) {
            Typist typist = new Typist(SocketChannel.open(path.address()));
            String header = "shell 100 30 xterm " + URLEncoder.encode(folder.toString(), StandardCharsets.UTF_8);
            typist.out.write((header + "\n").getBytes(StandardCharsets.US_ASCII));
            return typist;
        }
    }

    void type(String keys) throws IOException {
        new Frame(Frame.Kind.INPUT, keys.getBytes(StandardCharsets.UTF_8)).write(out);
    }

    void resize(int columns, int rows) throws IOException {
        ByteBuffer size = ByteBuffer.allocate(4).putShort((short) columns).putShort((short) rows);
        new Frame(Frame.Kind.SIZE, size.array()).write(out);
    }

    /** Reads until this is shown, and forgets all up to its end; control sequences are left out. */
    void await(String text) throws IOException {
        CompletableFuture<Void> limit = CompletableFuture.runAsync(
                this::closeQuietly, CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS));
        try {
            read(text);
        } catch (IOException e) {
            throw new IOException("no '" + text + "' in " + LIMIT_SECONDS + " s but: " + unread, e);
        } finally {
            limit.cancel(false);
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String text) throws IOException {
        int at = unread.indexOf(text);
        while (at < 0) {
            Frame frame = Frame.read(in).orElseThrow(() -> new IOException("closed after " + unread));
            if (frame.kind() == Frame.Kind.EXIT) {
                throw new IOException("ended after " + unread);
            }
            unread.append(new String(frame.data(), StandardCharsets.UTF_8)
                    .replaceAll("\u001b(\\[[0-9;?]*[A-Za-z]|[=>])", ""));
            at = unread.indexOf(text);
        }
        unread.delete(0, at + text.length());
    }

    /** The exit status that ends the shell. */
    int end() throws IOException {
        Optional<Frame> frame = Frame.read(in);
        while (frame.orElseThrow().kind() != Frame.Kind.EXIT) {
            frame = Frame.read(in);
        }
        return frame.get().data()[0];
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
