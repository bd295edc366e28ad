package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.CancelledException;
import forge.ai.api.ContextLengthException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the real models, tokenizers and ONNX Runtime. */
class LocalProviderTest {

    private static final Path MODELS = Path.of(System.getProperty("forge.shared", ""), "models/hf");
    private static final GenerationOptions AT_MOST_24 =
            GenerationOptions.builder().maxTokens(24).build();

    private final OnnxEngine engine = new OnnxEngine();
    private LocalProvider provider;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.exists(MODELS), () -> "no " + MODELS);
        for (String model : List.of("tiny-gpt", "tiny-embedding", "tiny-sentiment")) {
            engine.add(model, MODELS.resolve(model));
        }
        LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
        registries.add(engine, Map.of());
        LeaseRouter<InferenceService> engines = new LeaseRouter<>();
        engines.add(engine, Map.of());
        provider = new LocalProvider(registries, engines, () -> new Limits(8, 2048, 512, 64, 8));
    }

    @AfterEach
    void stop() throws Exception {
        if (provider != null) {
            provider.close();
            assertThat(engine.leases).hasValue(0);
        }
        engine.close();
    }

    @Test
    void greedyTextEqualsThatOfTheReference() {
        for (JsonNode one : cases()) {
            String prompt = one.get("prompt").textValue();
            String text = one.get("text").textValue();
            CompletionRequest request = CompletionRequest.of("tiny-gpt", prompt).withOptions(AT_MOST_24);
            ChatRequest chat = ChatRequest.of("tiny-gpt", Message.user(prompt)).withOptions(AT_MOST_24);
            int tokens = one.get("new_ids").size();

            Completion whole = provider.complete(request);

            assertThat(whole.text()).isEqualTo(text);
            assertThat(whole.finish()).isEqualTo(tokens == 24 ? FinishReason.LENGTH : FinishReason.STOP);
            assertThat(whole.usage()).hasValue(Usage.of(one.get("ids").size(), tokens));
            assertThat(Completion.of(provider.streamCompletion(request)).text()).isEqualTo(text);
            assertThat(provider.chat(chat).text()).isEqualTo(text);
            assertThat(Completion.of(provider.streamChat(chat)).text()).isEqualTo(text);
        }
    }

    @Test
    void answersThatAreGeneratedTogetherEqualThoseAlone() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                JsonNode one = cases().get(i % cases().size());
                CompletionRequest request = CompletionRequest.of(
                                "tiny-gpt", one.get("prompt").textValue())
                        .withOptions(AT_MOST_24);
                expected.add(one.get("text").textValue());
                answers.add(threads.submit(() -> provider.complete(request).text()));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void embeddingsEqualThoseOfTheReference() {
        JsonNode expected = HubFiles.json(MODELS.resolve("tiny-embedding/expected.json"));
        List<String> texts = new ArrayList<>();
        expected.get("texts").forEach(text -> texts.add(text.textValue()));

        Embeddings together = provider.embed(EmbeddingRequest.of("tiny-embedding", texts.toArray(String[]::new)));

        assertThat(together.usage().orElseThrow().inputTokens()).isPositive();
        assertThat(together.vectors()).hasSameSizeAs(texts);
        for (int i = 0; i < texts.size(); i++) {
            Embeddings alone = provider.embed(EmbeddingRequest.of("tiny-embedding", texts.get(i)));
            for (int d = 0; d < together.vectors().get(i).length; d++) {
                float wanted = expected.get("embeddings").get(i).get(d).floatValue();
                assertThat(together.vectors().get(i)[d]).isCloseTo(wanted, within(1e-4f));
                assertThat(alone.vectors().getFirst()[d]).isCloseTo(wanted, within(1e-4f));
            }
        }
    }

    @Test
    void listsLanguageModelsOnly() {
        assertThat(provider.models()).extracting(LlmModel::id).containsExactly("tiny-embedding", "tiny-gpt");
        assertThat(provider.models().getLast().contextTokens()).hasValue(64);
    }

    @Test
    void endsBeforeAStopTextAlsoWhereTokensSplitIt() {
        GenerationOptions options =
                AT_MOST_24.toBuilder().stop(List.of("over the l", "zzz")).build();

        Completion answer = provider.complete(
                CompletionRequest.of("tiny-gpt", "The quick brown").withOptions(options));

        assertThat(answer.text()).isEqualTo(" fox jumps ");
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP_SEQUENCE);
        assertThat(answer.stopSequence()).isEqualTo("over the l");
    }

    @Test
    void aSeedMakesDrawingRepeatable() {
        GenerationOptions options =
                AT_MOST_24.toBuilder().temperature(5).topP(0.99).seed(7).build();
        CompletionRequest request =
                CompletionRequest.of("tiny-gpt", "Once upon a time").withOptions(options);
        String first = provider.complete(request).text();

        assertThat(first).isEqualTo(provider.complete(request).text());
        CompletionRequest other =
                request.withOptions(options.toBuilder().seed(8).build());
        assertThat(provider.complete(other).text()).isNotEqualTo(first);
    }

    @Test
    void logprobsSpellTheText() {
        GenerationOptions options = AT_MOST_24.toBuilder().logprobs(3).build();

        Completion answer = provider.complete(
                CompletionRequest.of("tiny-gpt", "The quick brown").withOptions(options));

        assertThat(answer.logprobs().stream().map(TokenLogprob::token).collect(Collectors.joining()))
                .isEqualTo(answer.text());
        assertThat(answer.logprobs()).allSatisfy(one -> {
            assertThat(one.logprob()).isLessThanOrEqualTo(0);
            assertThat(one.alternatives()).hasSize(3);
            assertThat(one.alternatives().getFirst().token()).isEqualTo(one.token());
            assertThat(one.alternatives().getFirst().logprob()).isEqualTo(one.logprob());
        });
    }

    @Test
    void theAnswerEndsWhereTheContextWindowDoes() {
        String prompt = "The capital of Japan is ".repeat(6);
        CompletionRequest request = CompletionRequest.of("tiny-gpt", prompt)
                .withOptions(GenerationOptions.builder()
                        .temperature(100)
                        .seed(1)
                        .maxTokens(1000)
                        .build());

        Usage usage = provider.complete(request).usage().orElseThrow();

        assertThat(usage.totalTokens()).isLessThanOrEqualTo(64);
        assertThatThrownBy(() -> provider.complete(CompletionRequest.of("tiny-gpt", prompt.repeat(4))))
                .isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("64");
    }

    @Test
    void whatItCannotDoIsATypedError() {
        assertThatThrownBy(() -> provider.complete(CompletionRequest.of("none", "x")))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> provider.complete(CompletionRequest.of("tiny-embedding", "x")))
                .isInstanceOf(UnsupportedException.class);
        assertThatThrownBy(() -> provider.embed(EmbeddingRequest.of("tiny-gpt", "x")))
                .isInstanceOf(UnsupportedException.class);
        assertThatThrownBy(() -> provider.complete(CompletionRequest.of("tiny-sentiment", "x")))
                .isInstanceOf(UnsupportedException.class);
        assertThatThrownBy(() -> provider.complete(CompletionRequest.of("tiny-gpt", "x")
                        .withOptions(GenerationOptions.builder().topP(2).build())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("top_p");
    }

    @Test
    void closingAStreamEndsItsReaderAndGivesTheModelBack() {
        CompletionStream stream = provider.streamCompletion(
                CompletionRequest.of("tiny-gpt", "Once upon a time").withOptions(AT_MOST_24));
        stream.next();

        CompletableFuture.runAsync(stream::close).join();

        assertThatThrownBy(stream::hasNext).isInstanceOf(CancelledException.class);
    }

    private static JsonNode cases() {
        return HubFiles.json(MODELS.resolve("tiny-gpt/expected.json")).get("cases");
    }
}
