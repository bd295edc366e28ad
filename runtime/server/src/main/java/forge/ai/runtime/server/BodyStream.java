package forge.ai.runtime.server;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** An answer that is given piece by piece; each piece leaves at once, and sending blocks while the reader is slow. */
public final class BodyStream {

    private final HttpServletResponse response;
    private final String mediaType;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean begun;

    BodyStream(HttpServletResponse response, String mediaType) {
        this.response = response;
        this.mediaType = mediaType;
    }

    /**
     * Sends bytes as they are.
     *
     * @throws IOException if the client is gone
     */
    public void send(byte[] piece) throws IOException {
        lock.lock();
        try {
            if (!begun) {
                begin();
            }
            ServletOutputStream out = response.getOutputStream();
            out.write(piece);
            out.flush();
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

    boolean begun() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }
}
