package forge.ai.runtime.server;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Says back what it is told, word by word where streamed; keeps the last request. */
final class EchoProvider implements LlmProvider {

    volatile @Nullable ChatRequest chat;
    volatile @Nullable CompletionRequest completion;
    volatile @Nullable EmbeddingRequest embedding;
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("m").withOwner("test"));
    }

    @Override
    public Completion chat(ChatRequest request) {
        chat = request;
        return Completion.of(request.model(), request.messages().getLast().text(), Usage.of(3, 2));
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        chat = request;
        return words(request.model(), request.messages().getLast().text());
    }

    @Override
    public Completion complete(CompletionRequest request) {
        completion = request;
        return Completion.of(request.model(), request.prompt() + "!", Usage.of(3, 2));
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        completion = request;
        return words(request.model(), request.prompt());
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        embedding = request;
        List<float[]> vectors = request.inputs().stream()
                .map(t -> new float[] {t.length(), 0.5f})
                .toList();
        return new Embeddings(request.model(), vectors, Optional.of(Usage.of(4, 0)));
    }

    private CompletionStream words(String model, String text) {
        List<CompletionEvent> events = new ArrayList<>();
        events.add(new CompletionEvent.Started("", model));
        for (String word : text.split("(?<= )")) {
            events.add(new CompletionEvent.TextDelta(word));
        }
        events.add(new CompletionEvent.Finished(FinishReason.STOP, Optional.of(Usage.of(3, 2))));
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
            public void close() {
                closed.countDown();
            }
        };
    }
}
