package forge.ai.api.llm;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An answer as it is being given; see {@link CompletionEvent} for the order of events.
 *
 * <p>{@link #hasNext()} waits for the next event and throws what went wrong: a stream that ends without
 * {@link CompletionEvent.Finished} throws. It is read by one thread; {@link #close()} may be called by any, ends the
 * call upstream at once and makes a waiting reader throw {@link forge.ai.api.CancelledException}.
 */
@ConsumerType
public interface CompletionStream extends Iterator<CompletionEvent>, AutoCloseable {

    /** Ends the call if it is still going on; a second call does nothing. */
    @Override
    void close();

    /** Who answers, as soon as it is known; set by {@link LlmService}. */
    default Optional<Attribution> attribution() {
        return Optional.empty();
    }

    /** A whole answer as a stream. */
    static CompletionStream of(Completion completion) {
        List<CompletionEvent> events = new ArrayList<>();
        events.add(new CompletionEvent.Started(completion.id(), completion.model()));
        int tools = 0;
        List<TokenLogprob> logprobs = completion.logprobs();
        for (Content content : completion.content()) {
            switch (content) {
                case Content.Text text -> {
                    events.add(new CompletionEvent.TextDelta(text.text(), logprobs));
                    logprobs = List.of();
                }
                case Content.ToolCall call -> {
                    events.add(new CompletionEvent.ToolCallStarted(tools, call.id(), call.name()));
                    events.add(new CompletionEvent.ToolCallDelta(tools++, call.arguments()));
                }
                default -> events.add(new CompletionEvent.Whole(content));
            }
        }
        events.add(new CompletionEvent.Finished(
                completion.finish(), completion.stopSequence(), completion.usage(), completion.extensions()));
        Iterator<CompletionEvent> iterator = events.iterator();
        return new CompletionStream() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public CompletionEvent next() {
                return iterator.next();
            }

            @Override
            public void close() {}
        };
    }
}
