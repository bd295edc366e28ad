package forge.ai.console.shell;

import forge.ai.api.NotFoundException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.ModelCard;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.api.llm.PullProgress;
import forge.ai.api.llm.Usage;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A provider bundle: {@code echo} says again what was said, {@code endless} does not stop talking; more can be pulled. */
public final class TalkingProvider implements BundleActivator, LlmProvider, ModelLibrary {

    @Override
    public void start(BundleContext context) {
        context.registerService(
                new String[] {LlmProvider.class.getName(), ModelLibrary.class.getName()},
                this,
                new Hashtable<>(Map.of(LlmProvider.NAME, "talk")));
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public ModelCard show(String model) {
        throw new NotFoundException("nothing is known of " + model);
    }

    @Override
    public void pull(String model, Consumer<PullProgress> listener) {
        listener.accept(new PullProgress("pulling manifest", "", 0, OptionalLong.empty()));
        if (!model.equals("parrot:1b")) {
            throw new NotFoundException("there is no " + model);
        }
        for (int percent : new int[] {0, 1, 2, 55, 100}) {
            listener.accept(new PullProgress("pulling p", "p", percent * 12_000_000L, OptionalLong.of(1_200_000_000L)));
        }
        listener.accept(new PullProgress("success", "", 0, OptionalLong.empty()));
    }

    @Override
    public void delete(String model) {
        show(model);
    }

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("echo"), LlmModel.of("endless"));
    }

    @Override
    public Completion chat(ChatRequest request) {
        return Completion.of(
                request.model(),
                request.messages().stream()
                        .map(message -> message.role() + ": " + message.text())
                        .reduce((a, b) -> a + "\n" + b)
                        .orElseThrow(),
                Usage.of(3, 5));
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        List<float[]> vectors =
                request.inputs().stream().map(TalkingProvider::characters).toList();
        return new Embeddings(request.model(), vectors, Optional.empty());
    }

    private static float[] characters(String text) {
        float[] vector = new float[text.length()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = text.charAt(i);
        }
        return vector;
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        return request.model().equals("endless") ? new Endless() : CompletionStream.of(chat(request));
    }

    /** Says one word and then waits until it is closed. */
    private static final class Endless implements CompletionStream {
        private final CountDownLatch closed = new CountDownLatch(1);
        private int place;

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public CompletionEvent next() {
            return switch (place++) {
                case 0 -> new CompletionEvent.Started("", "endless");
                case 1 -> new CompletionEvent.TextDelta("word");
                default -> {
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    yield new CompletionEvent.Finished(FinishReason.STOP, Optional.empty());
                }
            };
        }

        @Override
        public void close() {
            closed.countDown();
            System.setProperty("talk.closed", "yes");
        }
    }
}
