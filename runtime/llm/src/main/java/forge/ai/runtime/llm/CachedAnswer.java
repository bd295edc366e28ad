package forge.ai.runtime.llm;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer to be given again, as the events that it came in or would have come in.
 *
 * @param whole the answer as a whole
 * @param events the same, piece by piece
 * @param by who gave it
 */
record CachedAnswer(Completion whole, List<CompletionEvent> events, Attribution by) {

    CachedAnswer {
        events = List.copyOf(events);
    }

    static CachedAnswer of(Completion whole, Attribution by) {
        List<CompletionEvent> events = new ArrayList<>();
        CompletionStream.of(whole).forEachRemaining(events::add);
        return new CachedAnswer(whole, events, by);
    }

    static CachedAnswer of(List<CompletionEvent> events, Attribution by) {
        return new CachedAnswer(Completion.of(new ReplayedStream(events.iterator(), by)), events, by);
    }

    /** Whether it may be given again: not what was cut short or filtered, nor what a caller has to act upon. */
    static boolean keeps(Completion answer) {
        boolean ended = answer.finish() == FinishReason.STOP || answer.finish() == FinishReason.STOP_SEQUENCE;
        return ended && answer.toolCalls().isEmpty();
    }

    /** About the memory that it takes. */
    long bytes() {
        return Weights.of(whole.content())
                + Weights.of(whole.extensions())
                + Weights.ofLogprobs(whole.logprobs())
                + whole.wire().map(wire -> Weights.of(wire.json())).orElse(0L)
                + events.stream().mapToLong(Weights::of).sum();
    }
}
