package forge.ai.runtime.support.ndjson;

import forge.ai.runtime.support.stream.ByteSource;
import forge.ai.runtime.support.stream.PieceReader;
import forge.ai.runtime.support.stream.PieceTooLargeException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines as they arrive; blank ones are left out. Lines end with LF or CRLF, cut anywhere. The last one may have no
 * end: whether it is whole, its JSON tells. Memory is bounded by the largest line allowed. Used by one thread.
 */
public final class NdjsonReader implements PieceReader<byte[]> {

    private final ByteSource source;
    private final int maxLineBytes;
    private final byte[] buffer;
    private int position;
    private int limit;
    private byte[] line = new byte[512];
    private int length;

    public NdjsonReader(ByteSource source) {
        this(source, PieceTooLargeException.MAX_BYTES, 8192);
    }

    /**
     * @param maxLineBytes the most bytes of a line
     * @param bufferBytes how much to ask the source for at a time
     */
    public NdjsonReader(ByteSource source, int maxLineBytes, int bufferBytes) {
        this.source = source;
        this.maxLineBytes = maxLineBytes;
        this.buffer = new byte[bufferBytes];
    }

    @Override
    public Optional<byte[]> next() throws IOException {
        while (true) {
            while (position < limit) {
                byte[] whole = scan();
                if (whole != null) {
                    return Optional.of(whole);
                }
            }
            limit = source.read(buffer);
            position = 0;
            if (limit < 0) {
                limit = 0;
                return Optional.ofNullable(take());
            }
        }
    }

    /** Takes the rest of the buffer up to and including the next end of line. */
    private byte @Nullable [] scan() throws PieceTooLargeException {
        int from = position;
        while (position < limit && buffer[position] != '\n') {
            position++;
        }
        append(from, position - from);
        if (position == limit) {
            return null;
        }
        position++;
        return take();
    }

    private void append(int from, int count) throws PieceTooLargeException {
        if (length + count > maxLineBytes) {
            throw new PieceTooLargeException("a line", maxLineBytes);
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }

    /** The line as far as it has come, without what JSON does not care for at both of its ends; null if that is all. */
    private byte @Nullable [] take() {
        int from = 0;
        int to = length;
        length = 0;
        while (from < to && blank(line[from])) {
            from++;
        }
        while (from < to && blank(line[to - 1])) {
            to--;
        }
        return from == to ? null : Arrays.copyOfRange(line, from, to);
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
