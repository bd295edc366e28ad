package forge.ai.runtime.support.stream;

import forge.ai.api.llm.CompletionEvent;
import java.util.function.Consumer;

/** Turns the pieces of one vendor's stream into the events of an answer. Used by one thread. */
public interface PieceDecoder<P> {

    /** Takes the next piece and hands on what it means. */
    void accept(P piece, Consumer<CompletionEvent> out);

    /** Whether the vendor's own mark of the end was seen. */
    boolean done();
}
