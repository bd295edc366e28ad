package forge.ai.console.channel;

import forge.ai.console.channel.client.Frame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;

/** A client's terminal: what was typed goes in as bytes, what is shown goes out as frames. */
final class RemoteTerminal implements AutoCloseable {

    private static final int TYPED_AHEAD = 64;

    private final LineDisciplineTerminal terminal;
    private final BlockingQueue<byte[]> typed = new ArrayBlockingQueue<>(TYPED_AHEAD);
    private final Thread feeder;

    RemoteTerminal(Outbox outbox, Greeting.Shell greeting) throws IOException {
        // Buffered, for the terminal writes byte by byte; it flushes after each piece.
        this.terminal = new LineDisciplineTerminal(
                "forge",
                greeting.term(),
                new BufferedOutputStream(outbox.stream(Frame.Kind.OUTPUT)),
                StandardCharsets.UTF_8);
        terminal.setSize(new Size(greeting.columns(), greeting.rows()));
        // A thread of its own: the terminal makes it wait while nobody reads, and an interrupt must not.
        this.feeder = new Thread(this::feed, "forge-console-input");
        feeder.setDaemon(true);
        feeder.start();
    }

    Terminal terminal() {
        return terminal;
    }

    /** Takes a frame of the client. */
    void accept(Frame frame) {
        switch (frame.kind()) {
            case INPUT -> type(frame.data());
            case SIZE -> resize(ByteBuffer.wrap(frame.data()));
            default -> {
                // Of no meaning to a terminal.
            }
        }
    }

    private void type(byte[] bytes) {
        Attributes attributes = terminal.getAttributes();
        int interrupt = attributes.getControlChar(Attributes.ControlChar.VINTR);
        int from = 0;
        for (int i = 0; i < bytes.length && attributes.getLocalFlag(Attributes.LocalFlag.ISIG); i++) {
            if (bytes[i] == interrupt) {
                // Drops what was typed before it, as terminals do, and does not wait behind it.
                typed.clear();
                from = i + 1;
                terminal.raise(Terminal.Signal.INT);
            }
        }
        if (from < bytes.length) {
            // What does not fit is lost, as at any terminal.
            typed.offer(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
        }
    }

    private void resize(ByteBuffer size) {
        if (size.remaining() == 4) {
            terminal.setSize(new Size(size.getShort(), size.getShort()));
            terminal.raise(Terminal.Signal.WINCH);
        }
    }

    private void feed() {
        try {
            while (true) {
                terminal.processInputBytes(typed.take());
            }
        } catch (IOException | InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        feeder.interrupt();
        try {
            terminal.close();
        } catch (IOException e) {
            // The client is gone, and the terminal with it.
        }
    }
}
