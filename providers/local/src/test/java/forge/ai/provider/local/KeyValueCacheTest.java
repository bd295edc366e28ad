package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.tensor.Tensor;
import forge.ai.provider.local.CachedGpt.Form;
import forge.ai.runtime.support.lease.LeaseRouter;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that take keys and values of the tokens before: the weights of a fixture in the forms of exports. */
@Timeout(120)
class KeyValueCacheTest {

    @TempDir
    Path folder;

    private final OnnxEngine engine = new OnnxEngine();
    private Path gpt;
    private LocalProvider provider;
    private volatile Limits limits = new Limits(8, 2048, 5, 64, 8);

    @BeforeEach
    void start() {
        gpt = ModelFixtures.folder("hf").resolve("tiny-gpt");
        engine.add("plain", gpt);
        LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
        registries.add(engine, Map.of());
        LeaseRouter<InferenceService> engines = new LeaseRouter<>();
        engines.add(engine, Map.of());
        provider = new LocalProvider(registries, engines, () -> limits);
    }

    @AfterEach
    void stop() {
        if (provider != null) {
            provider.close();
            assertThat(engine.leases).hasValue(0);
        }
        engine.close();
    }

    private void add(Form form) throws Exception {
        engine.add("gpt", CachedGpt.write(gpt, folder.resolve("gpt"), form));
    }

    @ParameterizedTest
    @EnumSource
    void greedyTextEqualsThatOfTheReference(Form form) throws Exception {
        add(form);
        greedyTextEqualsThatOfTheReference();
    }

    private void greedyTextEqualsThatOfTheReference() {
        for (JsonNode one : cases()) {
            Completion answer = provider.complete(request(one, 24));

            assertThat(answer.text()).isEqualTo(one.get("text").textValue());
            assertThat(answer.usage())
                    .hasValue(Usage.of(one.get("ids").size(), one.get("new_ids").size()));
        }
    }

    /** Sequences come and go at random, some are given up; what the others get must not depend on it. */
    @ParameterizedTest
    @EnumSource
    void sequencesThatComeAndGoEqualThoseAlone(Form form) throws Exception {
        add(form);
        Random random = new Random(form.ordinal());
        List<CompletionRequest> requests = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            JsonNode one = cases().get(random.nextInt(cases().size()));
            CompletionRequest request = request(one, 1 + random.nextInt(40));
            if (random.nextBoolean()) {
                // Longer ones, which begin as others ended.
                String text = one.get("text").textValue();
                request = CompletionRequest.of(
                                "gpt", request.prompt() + text.substring(0, random.nextInt(text.length())))
                        .withOptions(GenerationOptions.builder()
                                .maxTokens(1 + random.nextInt(24))
                                .build());
            }
            GenerationOptions drawn = request.options().toBuilder()
                    .temperature(random.nextInt(3))
                    .seed(random.nextLong())
                    .build();
            requests.add(request.withOptions(drawn));
            alone.add(
                    form == Form.HALF
                            ? ""
                            : provider.complete(request.withOptions(drawn).withModel("plain"))
                                    .text());
        }
        try (var callers = Executors.newFixedThreadPool(12)) {
            List<Future<String>> answers = new ArrayList<>();
            for (CompletionRequest request : requests) {
                boolean givenUp = random.nextInt(4) == 0;
                answers.add(callers.submit(() -> answer(request, givenUp)));
            }
            for (int i = 0; i < answers.size(); i++) {
                String expected =
                        form == Form.HALF ? provider.complete(requests.get(i)).text() : alone.get(i);
                assertThat(expected)
                        .as(requests.get(i).toString())
                        .startsWith(answers.get(i).get());
                if (!answers.get(i).get().isEmpty() || expected.isEmpty()) {
                    assertThat(answers.get(i).get()).isEqualTo(expected);
                }
            }
        }
    }

    /** The text, or none if it was given up. */
    private String answer(CompletionRequest request, boolean givenUp) {
        if (!givenUp) {
            return provider.complete(request).text();
        }
        try (CompletionStream stream = provider.streamCompletion(request)) {
            stream.next();
            stream.next();
        }
        return "";
    }

    @Test
    void theNextTurnOfAConversationReadsOnlyWhatIsNew() throws Exception {
        add(Form.MASKED);
        GenerationOptions options = GenerationOptions.builder().maxTokens(24).build();
        CompletionRequest first =
                CompletionRequest.of("gpt", "Once upon a time").withOptions(options);
        Completion answer = provider.complete(first);
        Usage took = answer.usage().orElseThrow();
        CompletionRequest next = CompletionRequest.of("gpt", first.prompt() + answer.text() + " The quick")
                .withOptions(options);

        Completion second = provider.complete(next);
        CompletionRequest other = CompletionRequest.of("gpt", "The quick brown fox jumps over the lazy dog")
                .withOptions(options);
        Completion third = provider.complete(other);

        // The first answer was read to its end, for only then came the token that ends it.
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
        assertThat(second.usage().orElseThrow().cachedInputTokens()).isEqualTo(took.totalTokens());
        assertThat(second.text())
                .isEqualTo(provider.complete(next.withModel("plain")).text());
        assertThat(third.usage().orElseThrow().cachedInputTokens()).isZero();
        assertThat(third.text())
                .isEqualTo(provider.complete(other.withModel("plain")).text());
    }

    @Test
    void aBackendThatBringsItsOwnMemoryIsRightToo() throws Exception {
        engine.addCopying("gpt", CachedGpt.write(gpt, folder.resolve("gpt"), Form.MASKED));
        greedyTextEqualsThatOfTheReference();
    }

    @Test
    void moreThanMayWaitAreRefusedAndGivingUpMakesRoom() throws Exception {
        add(Form.MASKED);
        limits = new Limits(1, 2048, 5, 64, 8);
        // Draws from all tokens, so that none ends it soon; one is generated, eight wait.
        CompletionRequest request = CompletionRequest.of("gpt", "Once")
                .withOptions(
                        GenerationOptions.builder().temperature(100).seed(3).build());
        List<CompletionStream> streams = new ArrayList<>();
        try {
            assertThatThrownBy(() -> {
                        while (streams.size() < 10_000) {
                            streams.add(provider.streamCompletion(request));
                        }
                    })
                    .isInstanceOfSatisfying(
                            ResourceExhaustedException.class,
                            e -> assertThat(e.details().retryAfter()).isPresent());
            assertThat(streams).hasSizeGreaterThanOrEqualTo(9);
        } finally {
            streams.forEach(CompletionStream::close);
        }

        assertThat(provider.complete(request(cases().get(0), 24)).text())
                .isEqualTo(cases().get(0).get("text").textValue());
    }

    /** Whatever is computed beside it, by a softmax of our own over what the model itself says. */
    @Test
    void logprobsEqualThoseOfTheModel() throws Exception {
        add(Form.MASKED);
        JsonNode one = cases().get(2);
        GenerationOptions options =
                GenerationOptions.builder().maxTokens(24).logprobs(4).build();

        List<TokenLogprob> logprobs = provider.complete(
                        CompletionRequest.of("gpt", one.get("prompt").textValue())
                                .withOptions(options))
                .logprobs();

        List<Long> ids = new ArrayList<>();
        one.get("ids").forEach(id -> ids.add(id.longValue()));
        assertThat(logprobs).hasSameSizeAs(one.get("new_ids"));
        for (int i = 0; i < logprobs.size(); i++) {
            double[] expected =
                    logSoftmax(ids.stream().mapToLong(Long::longValue).toArray());
            int id = one.get("new_ids").get(i).intValue();
            assertThat(logprobs.get(i).logprob()).isCloseTo(expected[id], within(1e-4));
            double[] likeliest = Arrays.stream(expected).sorted().toArray();
            for (int k = 0; k < 4; k++) {
                assertThat(logprobs.get(i).alternatives().get(k).logprob())
                        .isCloseTo(likeliest[likeliest.length - 1 - k], within(1e-4));
            }
            ids.add((long) id);
        }
    }

    private double[] logSoftmax(long[] ids) {
        Tensor input = Tensor.ofLongs(new long[] {1, ids.length}, ids);
        float[] logits = engine.infer(InferenceRequest.of("plain", Map.of("input_ids", input)))
                .outputs()
                .get("logits")
                .toFloats();
        double[] last = new double[477];
        for (int i = 0; i < last.length; i++) {
            last[i] = logits[logits.length - last.length + i];
        }
        double sum = Arrays.stream(last).map(Math::exp).sum();
        return Arrays.stream(last).map(value -> Math.log(Math.exp(value) / sum)).toArray();
    }

    @Test
    void aPromptIsReadInPieces() throws Exception {
        add(Form.MASKED);
        limits = new Limits(8, 2048, 3, 64, 8);
        greedyTextEqualsThatOfTheReference();
    }

    private static CompletionRequest request(JsonNode one, int tokens) {
        return CompletionRequest.of("gpt", one.get("prompt").textValue())
                .withOptions(GenerationOptions.builder().maxTokens(tokens).build());
    }

    private JsonNode cases() {
        return HubFiles.json(gpt.resolve("expected.json")).get("cases");
    }
}
