package forge.ai.runtime.server;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the events it was told, or the whole answer; keeps the last request. */
final class TellingProvider implements LlmProvider {

    volatile @Nullable ChatRequest request;
    volatile @Nullable Completion answer;
    volatile @Nullable ForgeException error;
    volatile boolean passes = true;
    private volatile List<CompletionEvent> events = List.of();

    /** What to give from now on, as a stream or put together. */
    void tell(CompletionEvent... values) {
        events = List.of(values);
        answer = null;
        error = null;
    }

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("m"), LlmModel.of("n"));
    }

    @Override
    public boolean passesThrough(String dialect) {
        return passes;
    }

    @Override
    public Completion chat(ChatRequest value) {
        Completion whole = answer;
        return whole != null && error == null ? keep(value, whole) : Completion.of(streamChat(value));
    }

    private Completion keep(ChatRequest value, Completion whole) {
        request = value;
        return whole;
    }

    @Override
    public CompletionStream streamChat(ChatRequest value) {
        request = value;
        ForgeException failure = error;
        if (failure != null) {
            throw failure;
        }
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
