package forge.ai.backend.huggingface;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.onnx.OnnxBackend;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceBackendTest {

    private final HuggingFaceBackend backend = HubBackends.over(new OnnxBackend());
    private final Path hub = ModelFixtures.folder("hf");

    @TempDir
    private Path folder;

    @Test
    void embeddingsEqualThoseOfTheReference() throws Exception {
        JsonNode expected = new ObjectMapper()
                .readTree(hub.resolve("tiny-embedding/expected.json").toFile());
        List<String> texts = new ArrayList<>();
        expected.get("texts").forEach(text -> texts.add(text.textValue()));
        JsonNode vectors = expected.get("embeddings");
        int features = vectors.get(0).size();
        float[] numbers = new float[texts.size() * features];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = vectors.get(i / features).get(i % features).floatValue();
        }
        try (LoadedModel model = load("tiny-embedding", Map.of())) {
            Map<String, Tensor> outputs = run(model, texts, texts.size());

            long[] shape = {texts.size(), features};
            assertClose(outputs, Map.of("embedding", Tensor.ofFloats(shape, numbers)), 1e-4);
        }
    }

    @Test
    void poolingAndNormalizingAreAsConfigured() throws Exception {
        try (LoadedModel mean = load("tiny-embedding", Map.of());
                LoadedModel plain = load("tiny-embedding", Map.of("pooling", "cls", "normalize", "false"))) {
            assertThat(length(run(mean, List.of("it is great"), 1))).isCloseTo(1, within(1e-5));
            assertThat(length(run(plain, List.of("it is great"), 1))).isGreaterThan(1.01);
        }
        assertThatThrownBy(() -> load("tiny-embedding", Map.of("pooling", "best")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("pooling")
                .hasMessageContaining("[mean, cls]");
    }

    private static double length(Map<String, Tensor> outputs) {
        double sum = 0;
        for (float value : outputs.get("embedding").toFloats()) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void aColumnOfTextsIsTakenLikeAList() throws Exception {
        try (LoadedModel model = load("tiny-sentiment", Map.of())) {
            Tensor column =
                    Tensor.ofStrings(new long[] {2, 1}, List.of("what a horrible movie!", "the phone is great"));

            Map<String, Tensor> outputs = model.run(Map.of("text", column), Set.of("label"), new Cancellation());

            assertThat(outputs.get("label").toStrings()).containsExactly("NEGATIVE", "POSITIVE");
            assertThat(outputs.get("label").shape()).containsExactly(2);
        }
    }

    @Test
    void aTextBeyondTheWindowIsCutOff() throws Exception {
        try (LoadedModel model = load("tiny-sentiment", Map.of())) {
            Map<String, Tensor> outputs = run(model, List.of("the phone is great ".repeat(500)), 1);

            assertThat(outputs.get("label").toStrings()).containsExactly("POSITIVE");
        }
    }

    @Test
    void noTextsAreRefused() throws Exception {
        try (LoadedModel model = load("tiny-sentiment", Map.of())) {
            assertThatThrownBy(() -> run(model, List.of(), 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("text");
        }
    }

    @Test
    void aCausalModelIsRefusedWithWhatServesIt() {
        assertThatThrownBy(() -> load("tiny-gpt", Map.of()))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("backend onnx");
    }

    @Test
    void torchScriptWithoutItsBackendIsRefusedWithWhatToInstall() throws Exception {
        Path version = copy("tiny-sentiment");
        Files.move(version.resolve("model.onnx"), version.resolve("model.pt"));

        assertThatThrownBy(() -> backend.load(ModelFixtures.source(version)))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("feature pytorch");
    }

    /** Remembers what it loaded. */
    private record Recorded(List<LoadedModel> loaded) implements ModelBackend {

        private static final OnnxBackend ONNX = new OnnxBackend();

        @Override
        public LoadedModel load(ModelSource source) {
            loaded.add(ONNX.load(source));
            return loaded.getLast();
        }
    }

    @Test
    void aModelGoesOnWhenWhatComputesItsNetworkIsReplaced() throws Exception {
        Recorded first = new Recorded(new ArrayList<>());
        Recorded second = new Recorded(new ArrayList<>());
        HuggingFaceBackend moving = HubBackends.over(first);
        try (LoadedModel model = moving.load(ModelFixtures.source(copy("tiny-sentiment")))) {
            moving.addOnnx(second, Map.of());
            assertThat(second.loaded()).isEmpty();
            moving.removeOnnx(first);

            assertThat(second.loaded()).hasSize(1);
            assertThatThrownBy(() -> first.loaded().getFirst().run(tokens(), Set.of(), new Cancellation()))
                    .isInstanceOf(UnavailableException.class);
            assertThat(run(model, List.of("the phone is great"), 1).get("label").toStrings())
                    .containsExactly("POSITIVE");
        }
        assertThatThrownBy(() -> second.loaded().getFirst().run(tokens(), Set.of(), new Cancellation()))
                .isInstanceOf(UnavailableException.class);
    }

    private static Map<String, Tensor> tokens() {
        Tensor one = Tensor.ofLongs(new long[] {1, 1}, 1);
        return Map.of("input_ids", one, "attention_mask", one, "token_type_ids", one);
    }

    @Test
    void aModelWhoseBackendLeftAltogetherServesAgainOnceOneComes() throws Exception {
        OnnxBackend first = new OnnxBackend();
        HuggingFaceBackend moving = HubBackends.over(first);
        try (LoadedModel model = moving.load(ModelFixtures.source(copy("tiny-sentiment")))) {
            moving.removeOnnx(first);
            assertThatThrownBy(() -> run(model, List.of("the phone is great"), 1))
                    .isInstanceOf(UnavailableException.class);

            moving.addOnnx(new OnnxBackend(), Map.of());

            assertThat(run(model, List.of("the phone is great"), 1).get("label").toStrings())
                    .containsExactly("POSITIVE");
        }
    }

    @Test
    void whatTorchScriptGivesIsDeclaredByTheFilesOfTheHub() throws Exception {
        Path version = copy("tiny-sentiment");
        Files.move(version.resolve("model.onnx"), version.resolve("model.pt"));
        AtomicReference<ModelSource> asked = new AtomicReference<>();
        HuggingFaceBackend both = HubBackends.over(new OnnxBackend());
        both.addTorch(
                source -> {
                    asked.set(source);
                    throw new UnavailableException("not loaded here");
                },
                Map.of());

        assertThatThrownBy(() -> both.load(ModelFixtures.source(version))).isInstanceOf(UnavailableException.class);

        assertThat(asked.get().parameters()).containsEntry("outputs", "logits FP32[-1, 2]");
    }

    @Test
    void aDamagedTokenizerIsRefused() throws Exception {
        Path version = copy("tiny-sentiment");
        Files.writeString(version.resolve("tokenizer.json"), "{\"version\": \"1.0\"");

        assertThatThrownBy(() -> backend.load(ModelFixtures.source(version)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tokenizer.json");
    }

    private static Map<String, Tensor> run(LoadedModel model, List<String> texts, int rows) {
        return model.run(Map.of("text", Tensor.ofStrings(new long[] {rows}, texts)), Set.of(), new Cancellation());
    }

    private LoadedModel load(String name, Map<String, String> parameters) throws Exception {
        return backend.load(new ModelSource(name, 1, copy(name), "auto", 1, parameters));
    }

    private Path copy(String name) throws Exception {
        Path version = Files.createTempDirectory(folder, name);
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.onnx")) {
            Files.copy(hub.resolve(name).resolve(file), version.resolve(file));
        }
        return version;
    }
}
