package forge.ai.runtime.server;

import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.support.serving.Call;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** An answer that is given piece by piece; each piece leaves at once, and sending blocks while the reader is slow. */
public final class BodyStream {

    private static final byte[] NOTHING = {};

    private final HttpServletResponse response;
    private final String mediaType;
    private final byte[] silence;
    private final Call call;
    private final ReentrantLock lock = new ReentrantLock();
    private byte[] held = NOTHING;
    private boolean begun;
    private boolean ended;
    private volatile long last = System.nanoTime();

    /**
     * @param silence what to say when there is nothing to say; empty to say nothing
     * @param call is given up when the client turns out to be gone
     */
    BodyStream(HttpServletResponse response, String mediaType, byte[] silence, Call call) {
        this.response = response;
        this.mediaType = mediaType;
        this.silence = silence;
        this.call = call;
    }

    /**
     * Keeps a piece back, to be sent together with the next: as long as nothing is sent, a failure is still answered
     * with a status of its own.
     */
    public void hold(byte[] piece) {
        lock.lock();
        try {
            held = join(held, piece);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends bytes as they are.
     *
     * @throws IOException if the client is gone
     */
    public void send(byte[] piece) throws IOException {
        lock.lock();
        try {
            write(piece);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends each event of an answer as it comes, to the end of the stream.
     *
     * @param writer makes the bytes for an event, none to send nothing
     */
    public void copy(CompletionStream stream, Function<CompletionEvent, byte[]> writer) throws IOException {
        while (stream.hasNext()) {
            CompletionEvent event = stream.next();
            byte[] bytes = writer.apply(event);
            if (event instanceof CompletionEvent.Started) {
                hold(bytes);
            } else if (bytes.length > 0) {
                send(bytes);
            }
        }
    }

    private void write(byte[] piece) throws IOException {
        if (!begun) {
            begin();
        }
        ServletOutputStream out = response.getOutputStream();
        out.write(held.length == 0 ? piece : join(held, piece));
        held = NOTHING;
        out.flush();
        last = System.nanoTime();
    }

    /** Sets a header, as long as nothing is sent. */
    void header(String name, String value) {
        lock.lock();
        try {
            if (!begun) {
                response.setHeader(name, value);
            }
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        response.setStatus(200);
        response.setContentType(mediaType);
        response.setHeader("Cache-Control", "no-cache");
        // Proxies that buffer would hold events back.
        response.setHeader("X-Accel-Buffering", "no");
        begun = true;
    }

    boolean silentSince(long nanoTime) {
        return silence.length > 0 && last - nanoTime < 0 && !lock.isLocked();
    }

    /** Breaks the silence, if it still lasts. */
    void beat(long nanoTime) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!ended && last - nanoTime < 0) {
                write(silence);
            }
        } catch (IOException e) {
            ended = true;
            call.end(Call.End.CLIENT_GONE);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing may be written after the handler has returned: the response then serves the next request. */
    void end() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }

    boolean begun() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
