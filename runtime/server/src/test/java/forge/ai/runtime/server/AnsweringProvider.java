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

/** Gives the events that the test says, and keeps the last request. */
final class AnsweringProvider implements LlmProvider {

    volatile @Nullable ChatRequest asked;
    private volatile List<CompletionEvent> events = List.of();
    private volatile @Nullable ForgeException failure;

    void answer(CompletionEvent... value) {
        events = List.of(value);
        failure = null;
    }

    /** Fails after the events. */
    void fail(ForgeException value) {
        failure = value;
    }

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("m"));
    }

    @Override
    public Completion chat(ChatRequest request) {
        return Completion.of(streamChat(request));
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        asked = request;
        Iterator<CompletionEvent> left = events.iterator();
        ForgeException end = failure;
        return new CompletionStream() {
            @Override
            public boolean hasNext() {
                if (!left.hasNext() && end != null) {
                    throw end;
                }
                return left.hasNext();
            }

            @Override
            public CompletionEvent next() {
                return left.next();
            }

            @Override
            public void close() {}
        };
    }
}
