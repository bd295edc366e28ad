package forge.ai.runtime.support.stream;

import java.io.IOException;

/** A piece of a stream has no end within the limit. */
public final class PieceTooLargeException extends IOException {

    /** The most bytes of one piece, unless said otherwise. */
    public static final int MAX_BYTES = 16 << 20;

    private static final long serialVersionUID = 1L;

    /** @param piece what it is, with its article */
    public PieceTooLargeException(String piece, int limit) {
        super(piece + " of more than " + limit + " bytes");
    }
}
