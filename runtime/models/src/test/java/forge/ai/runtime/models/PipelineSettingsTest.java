package forge.ai.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.Caching;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.ModelStep;
import forge.ai.api.model.Sequencing;
import forge.ai.api.model.StepConfig;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PipelineSettingsTest {

    private static final String CHAIN = """
            {"steps": [
              {"model": "resize", "inputMap": {"in": "picture"}, "outputMap": {"out": "pixels"}},
              {"model": "digits", "version": "stable",
               "inputMap": {"image": "pixels"}, "outputMap": {"logits": "scores"}}]}
            """;

    @TempDir
    private Path home;

    private Path write(String file, String text) throws IOException {
        Path path = home.resolve("models").resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private ModelConfig read(String json) throws IOException {
        return ModelConfigFile.read(write("m/config.json", json));
    }

    @Test
    void stepsStandByNameOrWithParameters() throws Exception {
        ModelConfig config = read("""
                {"pre": ["check", {"step": "normalize", "mean": [0.5, 1], "tensor": "x", "deep": {"a": true}}],
                 "post": [{"step": "topk", "k": 3}]}
                """);

        assertThat(config.pipeline().pre())
                .containsExactly(
                        new StepConfig("check", Map.of()),
                        new StepConfig(
                                "normalize",
                                Map.of("mean", List.of(0.5, 1L), "tensor", "x", "deep", Map.of("a", true))));
        assertThat(config.pipeline().post()).containsExactly(new StepConfig("topk", Map.of("k", 3L)));
        assertThat(config.backend()).isEmpty();
    }

    @Test
    void aChainOfModelsNamesTheirTensors() throws Exception {
        ModelConfig config = read(CHAIN);

        assertThat(config.backend()).isEqualTo("ensemble");
        assertThat(config.pipeline().steps())
                .containsExactly(
                        new ModelStep(
                                "resize", VersionSelector.DEFAULT, Map.of("in", "picture"), Map.of("out", "pixels")),
                        new ModelStep(
                                "digits",
                                VersionSelector.labelled("stable"),
                                Map.of("image", "pixels"),
                                Map.of("logits", "scores")));
        assertThat(config.pipeline().inputs()).containsExactly("picture");
        assertThat(config.pipeline().outputs()).containsExactly("scores");
    }

    @Test
    void cacheAndSequencesAreAsSaid() throws Exception {
        ModelConfig config = read("""
                {"cache": {"enabled": true, "maxBytes": 5000000000, "ttlSeconds": 5},
                 "sequences": {"max": 3, "idleSeconds": 7},
                 "state": [{"input": "a", "output": "b"},
                           {"input": "c", "output": "d", "dtype": "FP16", "shape": [1, 4]}]}
                """);

        assertThat(config.cache()).isEqualTo(new Caching(true, 5_000_000_000L, Duration.ofSeconds(5)));
        assertThat(config.sequences())
                .isEqualTo(new Sequencing(
                        List.of(
                                new Sequencing.State("a", "b", Optional.empty(), Optional.empty()),
                                new Sequencing.State(
                                        "c", "d", Optional.of(DataType.FP16), Optional.of(List.of(1L, 4L)))),
                        3,
                        Duration.ofSeconds(7),
                        Sequencing.DEFAULT.drain()));
        assertThat(read("{}").cache().enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"pre": "image"}                                               | pre is "image"; allowed is a list
            {"pre": [7]}                                                   | pre[0]
            {"post": [{"k": 1}]}                                           | post[0].step is missing
            {"pre": [{"step": "a", "b": null}]}                            | pre[0].b
            {"outputs": ["x"]}                                             | outputs
            {"steps": [{"model": "a", "inputMap": {"x": "y"}}]}            | steps[0].outputMap is missing
            {"steps": [{"model": "m", "inputMap": {"x": "y"}, "outputMap": {"x": "z"}}]}   | another model than this one
            {"steps": [{"model": "a", "inputMap": {"x": "y"}, "outputMap": {"x": "y"}}]}   | y, which it or a step before it takes
            {"steps": [{"model": "a", "input": 1}]}                        | an object with
            {"steps": [{"model": "a", "inputMap": {"x": "b"}, "outputMap": {"x": "c"}}, {"model": "a", "inputMap": {"x": "c"}, "outputMap": {"x": "b"}}]} | gives b, which it or a step before it takes
            {"steps": [{"model": "a", "inputMap": {"x": "b"}, "outputMap": {"x": "c"}}, {"model": "d", "inputMap": {"x": "b"}, "outputMap": {"x": "c"}}]} | gives c, which a step gives already
            {"steps": [{"model": "a", "inputMap": {"x": "b"}, "outputMap": {"x": "c"}}], "outputs": ["d"]} | the output d is given by no step
            {"backend": "onnx", "steps": [{"model": "a", "inputMap": {"x": "y"}, "outputMap": {"x": "z"}}]} | backend is "onnx"
            {"cache": {"enabled": true}, "steps": [{"model": "a", "inputMap": {"x": "y"}, "outputMap": {"x": "z"}}]} | beside steps
            {"state": [{"input": "a", "output": "b"}], "steps": [{"model": "a", "inputMap": {"x": "y"}, "outputMap": {"x": "z"}}]} | beside steps
            {"cache": true}                                                | cache is true
            {"cache": {"maxBytes": 1}}                                     | cache.maxBytes is 1; allowed is a whole number from 1024
            {"cache": {"ttlSeconds": 0}}                                   | cache.ttlSeconds
            {"state": [{"input": "a"}]}                                    | state[0].output is missing
            {"state": [{"input": "a", "output": "b", "dtype": "BYTES"}]}   | state[0].dtype
            {"state": [{"input": "a", "output": "b", "shape": [0]}]}       | state[0].shape[0]
            {"sequences": {"max": 0}}                                      | sequences.max
            """)
    void whatCannotBeIsRefusedWithWhatIsAllowed(String json, String said) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(said);
    }

    /** Stands for the engine's. */
    private static final ModelBackend ENSEMBLES = source -> new LoadedModel() {
        @Override
        public ModelSignature signature() {
            return new ModelSignature(List.of(), List.of(), false, Map.of());
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    };

    @Test
    void aChainNeedsNoFilesButItsSettingsAndComesAndGoesWithThem() throws Exception {
        FolderModelRegistry registry = new FolderModelRegistry(home, Configs.of(Map.of("lookMillis", 86_400_000L)));
        try {
            registry.bindBackend(ENSEMBLES, Map.of(ModelBackend.NAME, "ensemble"));
            write("chain/config.json", "{\"steps\": [{\"model\": \"a\"}]}");
            looks(registry);
            await(() -> state(registry) == ModelState.FAILED);
            assertThat(registry.models().getFirst().reason()).contains("config.json", "steps[0].inputMap");

            write("chain/config.json", CHAIN);
            looks(registry);
            await(() -> state(registry) == ModelState.READY);
            ModelStatus first = registry.models().getFirst();
            assertThat(first.version()).isEqualTo(1);
            try (ModelLease lease = registry.acquire("chain", VersionSelector.DEFAULT)) {
                assertThat(lease.config().pipeline().steps()).hasSize(2);
            }

            write("chain/config.json", CHAIN.replace("scores", "digits"));
            looks(registry);
            await(() -> !registry.models().getFirst().digest().equals(first.digest()));
            assertThat(registry.models()).extracting(ModelStatus::state).containsExactly(ModelState.READY);

            Files.delete(home.resolve("models/chain/config.json"));
            Files.delete(home.resolve("models/chain"));
            looks(registry);
            await(() -> {
                registry.look();
                return registry.models().isEmpty();
            });
        } finally {
            registry.deactivate();
        }
    }

    private static ModelState state(FolderModelRegistry registry) {
        return registry.models().isEmpty()
                ? ModelState.UNAVAILABLE
                : registry.models().getFirst().state();
    }

    private static void looks(FolderModelRegistry registry) {
        registry.look();
        registry.look();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
