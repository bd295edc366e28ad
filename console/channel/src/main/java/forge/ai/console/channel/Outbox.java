package forge.ai.console.channel;

import forge.ai.console.channel.client.Frame;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Frames on their way to a client, written by a thread of their own: an interrupted command that writes into a channel
 * itself would close it.
 */
final class Outbox implements AutoCloseable {

    private static final int CAPACITY = 16;

    /** How long a client may leave unread what he was sent. */
    private static final int STALL_MINUTES = 10;

    private final BlockingQueue<Frame> frames = new ArrayBlockingQueue<>(CAPACITY);
    private final DataOutputStream out;
    private final Thread writer;
    private volatile boolean closed;

    Outbox(OutputStream out) {
        this.out = new DataOutputStream(new BufferedOutputStream(out));
        this.writer = new Thread(this::write, "forge-console-writer");
        writer.setDaemon(true);
        writer.start();
    }

    private void write() {
        try {
            Frame frame;
            do {
                frame = frames.take();
                frame.write(out);
            } while (frame.kind() != Frame.Kind.EXIT);
        } catch (IOException | InterruptedException e) {
            // The client is gone, which his reader hears too.
        } finally {
            closed = true;
        }
    }

    /** Waits for space; what comes after the end is dropped. */
    void put(Frame frame) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(STALL_MINUTES);
        while (!closed && !frames.offer(frame, 1, TimeUnit.SECONDS)) {
            if (System.nanoTime() > end) {
                close();
            }
        }
    }

    /** Sends the exit status and waits until all is written. */
    void finish(int status) throws InterruptedException {
        put(new Frame(Frame.Kind.EXIT, new byte[] {(byte) status}));
        writer.join(TimeUnit.MINUTES.toMillis(STALL_MINUTES));
    }

    /** A stream into frames of this kind; a write fails once the client is gone. */
    OutputStream stream(Frame.Kind kind) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int from = offset; from < offset + length; from += Frame.LIMIT) {
                    int to = Math.min(offset + length, from + Frame.LIMIT);
                    send(new Frame(kind, Arrays.copyOfRange(bytes, from, to)));
                }
            }
        };
    }

    private void send(Frame frame) throws IOException {
        if (closed) {
            throw new IOException("the client is gone");
        }
        try {
            put(frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing");
        }
    }

    @Override
    public void close() {
        closed = true;
        writer.interrupt();
    }
}
