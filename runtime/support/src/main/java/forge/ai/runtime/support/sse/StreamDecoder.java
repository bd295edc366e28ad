package forge.ai.runtime.support.sse;

import forge.ai.api.llm.CompletionEvent;
import java.util.function.Consumer;

/** Turns the events of one vendor's stream into those of an answer. Used by one thread. */
public interface StreamDecoder {

    /** Takes the next event and hands on what it means. */
    void accept(SseEvent event, Consumer<CompletionEvent> out);

    /** Whether the vendor's own mark of the end was seen. */
    boolean done();
}
