package forge.ai.runtime.server;

import forge.ai.api.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

/** Reads the body of a request, within limits of size and time. */
final class RequestBody {

    /** The longest that a body may take, however steadily it trickles; gaps are limited by the connection. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Duration SKIPPING = Duration.ofSeconds(5);

    private static final int FIRST = 16 << 10;

    private RequestBody() {}

    /**
     * @throws Refusal if it is too large, too slow or broken
     */
    static byte[] read(HttpServletRequest request, long limit) {
        long announced = request.getContentLengthLong();
        if (announced > limit) {
            throw Refusal.bodyTooLarge(limit);
        }
        try {
            return read(request.getInputStream(), limit);
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw tooSlow();
            }
            throw broken();
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw broken();
        }
    }

    private static byte[] read(InputStream in, long limit) throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        byte[] body = new byte[(int) Math.min(FIRST, limit + 1)];
        int size = 0;
        while (true) {
            // Room is made as bytes come: what a client announces costs nothing.
            if (size == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(body.length * 2L, limit + 1));
            }
            int read = in.read(body, size, body.length - size);
            if (read < 0) {
                return size == body.length ? body : Arrays.copyOf(body, size);
            }
            size += read;
            if (size > limit) {
                throw Refusal.bodyTooLarge(limit);
            }
            if (System.nanoTime() > end) {
                throw tooSlow();
            }
        }
    }

    /**
     * Reads past what is left of a body that was refused, as much again as was allowed and for a short while: many
     * clients send all before they read the answer, and a connection that is closed on them takes the answer with it.
     */
    static void skip(HttpServletRequest request, long limit) {
        long end = System.nanoTime() + SKIPPING.toNanos();
        byte[] buffer = new byte[FIRST];
        try {
            InputStream in = request.getInputStream();
            long left = 2 * limit;
            for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
                left -= read;
                if (System.nanoTime() > end) {
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            // Broken or too slow: then it is not read further.
        }
    }

    /** The coding is wrong, or the client left, which need not be told apart: to one who left nothing is answered. */
    private static Refusal broken() {
        return new Refusal(400, ErrorCode.INVALID_REQUEST, "the body broke off, or is not transferred as HTTP has it");
    }

    private static Refusal tooSlow() {
        return new Refusal(408, ErrorCode.TIMEOUT, "the body did not come in time");
    }
}
