package forge.ai.runtime.support.sse;

import forge.ai.runtime.support.stream.ByteSource;
import forge.ai.runtime.support.stream.PieceReader;
import forge.ai.runtime.support.stream.PieceTooLargeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from bytes as they arrive, as WHATWG's HTML standard says, section 9.2.6, with two
 * differences: an event whose last line is ended is given although the stream ends without the blank line, because
 * several vendors leave that out; and events without data are left out even if they have a type.
 *
 * <p>Lines end with CR, LF or CRLF, cut anywhere. Memory is bounded by the largest event allowed. Used by one thread.
 */
public final class SseReader implements PieceReader<SseEvent> {

    private final ByteSource source;
    private final int maxEventBytes;
    private final byte[] buffer;
    private int position;
    private int limit;
    private boolean start = true;
    private boolean afterCr;

    private byte[] line = new byte[512];
    private int lineLength;
    private byte[] data = new byte[512];
    private int dataLength;
    private boolean hasData;
    private String type = "";
    private String id = "";
    private @Nullable Duration retry;

    public SseReader(ByteSource source) {
        this(source, PieceTooLargeException.MAX_BYTES, 8192);
    }

    /**
     * @param maxEventBytes the most bytes of a line and of the data of an event
     * @param bufferBytes how much to ask the source for at a time
     */
    public SseReader(ByteSource source, int maxEventBytes, int bufferBytes) {
        this.source = source;
        this.maxEventBytes = maxEventBytes;
        this.buffer = new byte[bufferBytes];
    }

    @Override
    public Optional<SseEvent> next() throws IOException {
        while (true) {
            while (position < limit) {
                SseEvent event = scan();
                if (event != null) {
                    return Optional.of(event);
                }
            }
            limit = source.read(buffer);
            position = 0;
            if (limit < 0) {
                limit = 0;
                return end();
            }
        }
    }

    /** The time after which the server wants the client to come back, if it said so. */
    public Optional<Duration> retry() {
        return Optional.ofNullable(retry);
    }

    /** Takes the rest of the buffer up to and including the next end of line. */
    private @Nullable SseEvent scan() throws PieceTooLargeException {
        if (afterCr) {
            afterCr = false;
            if (buffer[position] == '\n') {
                position++;
                return null;
            }
        }
        int from = position;
        while (position < limit && buffer[position] != '\n' && buffer[position] != '\r') {
            position++;
        }
        append(from, position - from);
        if (position == limit) {
            return null;
        }
        afterCr = buffer[position++] == '\r';
        return endLine();
    }

    private Optional<SseEvent> end() {
        // An unfinished line is dropped: nobody can tell whether it is whole.
        lineLength = 0;
        return Optional.ofNullable(dispatch());
    }

    private void append(int from, int length) throws PieceTooLargeException {
        if (lineLength + length > maxEventBytes) {
            throw new PieceTooLargeException("an event", maxEventBytes);
        }
        line = room(line, lineLength + length);
        System.arraycopy(buffer, from, line, lineLength, length);
        lineLength += length;
    }

    private @Nullable SseEvent endLine() throws PieceTooLargeException {
        int from = 0;
        if (start) {
            start = false;
            if (lineLength >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF) {
                from = 3;
            }
        }
        int length = lineLength;
        lineLength = 0;
        if (length == from) {
            return dispatch();
        }
        field(from, length);
        return null;
    }

    private void field(int from, int end) throws PieceTooLargeException {
        int colon = from;
        while (colon < end && line[colon] != ':') {
            colon++;
        }
        int value = Math.min(colon + 1, end);
        if (value < end && line[value] == ' ') {
            value++;
        }
        switch (new String(line, from, colon - from, StandardCharsets.UTF_8)) {
            case "data" -> data(value, end);
            case "event" -> type = new String(line, value, end - value, StandardCharsets.UTF_8);
            case "id" -> {
                String text = new String(line, value, end - value, StandardCharsets.UTF_8);
                id = text.indexOf('\0') < 0 ? text : id;
            }
            case "retry" -> retry(new String(line, value, end - value, StandardCharsets.US_ASCII));
            default -> {
                // A comment, or a field that nobody knows.
            }
        }
    }

    private void data(int from, int end) throws PieceTooLargeException {
        int separator = hasData ? 1 : 0;
        int length = dataLength + separator + end - from;
        if (length > maxEventBytes) {
            throw new PieceTooLargeException("an event", maxEventBytes);
        }
        data = room(data, length);
        if (hasData) {
            data[dataLength] = '\n';
        }
        System.arraycopy(line, from, data, dataLength + separator, end - from);
        dataLength = length;
        hasData = true;
    }

    private void retry(String digits) {
        if (digits.length() < 10 && !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            retry = Duration.ofMillis(Long.parseLong(digits));
        }
    }

    private @Nullable SseEvent dispatch() {
        SseEvent event =
                hasData ? new SseEvent(type.isEmpty() ? "message" : type, Arrays.copyOf(data, dataLength), id) : null;
        type = "";
        hasData = false;
        dataLength = 0;
        return event;
    }

    private static byte[] room(byte[] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, Math.max(length, array.length * 2));
    }
}
