package forge.ai.runtime.support.stream;

import java.io.IOException;
import java.util.Optional;

/** Cuts a stream of bytes into its pieces, such as events or lines. */
@FunctionalInterface
public interface PieceReader<P> {

    /**
     * Waits for the next piece.
     *
     * @return empty at the end of the stream
     * @throws PieceTooLargeException if a piece is larger than allowed
     */
    Optional<P> next() throws IOException;
}
