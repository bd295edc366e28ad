package forge.ai.backend.onnxoptimize;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelOptimizer;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.OptimizationReport;
import forge.ai.api.model.OptimizationRequest;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.ConfigurationAdmin;

/** The bundle beside the registry and a backend, with models of a repository. */
@Timeout(120)
class OnnxOptimizerIT {

    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "forge.ai.lib.onnxruntime",
            "forge.ai.backend.onnx",
            "forge.ai.runtime.models",
            "forge.ai.backend.onnxoptimize");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static OsgiFramework framework;
    private static ModelRegistry registry;
    private static ModelOptimizer optimizer;

    @BeforeAll
    static void start() throws Exception {
        put("digits", ModelFixtures.folder("onnx").resolve("digits_cnn.onnx"));
        put("sentiment", ModelFixtures.folder("hf").resolve("tiny-sentiment/model.onnx"));
        put("words", ModelFixtures.folder("onnx").resolve("string_in.onnx"));
        Files.writeString(folder.resolve("models/sentiment/1/tokenizer.json"), "{}");
        System.setProperty("forge.home", folder.toString());
        framework = OsgiFramework.start(
                folder.resolve("felix"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.inference;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String bundle : NEEDED) {
            framework.start(bundle);
            if (bundle.equals("org.apache.felix.configadmin")) {
                framework
                        .context()
                        .getService(framework.context().getServiceReference(ConfigurationAdmin.class))
                        .getConfiguration("forge.ai.models", "?")
                        .update(new Hashtable<>(
                                Map.of("repository", folder.resolve("models").toString())));
            }
        }
        registry = framework.await(ModelRegistry.class, "", LIMIT);
        optimizer = framework.await(ModelOptimizer.class, "", LIMIT);
        for (String model : List.of("digits", "sentiment", "words")) {
            registry.load(model);
        }
    }

    private static void put(String model, Path file) throws Exception {
        Path version =
                Files.createDirectories(folder.resolve("models").resolve(model).resolve("1"));
        Files.copy(file, version.resolve("model.onnx"));
    }

    @AfterAll
    static void stop() throws Exception {
        framework.close();
    }

    private static OptimizationRequest request(String model, boolean int8, OptionalDouble tolerance, String label) {
        return new OptimizationRequest(
                model,
                VersionSelector.DEFAULT,
                int8,
                List.of(),
                tolerance,
                Optional.of(label).filter(l -> !l.isEmpty()));
    }

    @Test
    void aNewVersionIsWrittenLabelledAndServed() throws Exception {
        OptimizationReport report = optimizer.optimize(request("digits", false, OptionalDouble.empty(), "optimized"));

        assertThat(report.written()).hasValue(2);
        assertThat(report.maxDifference()).isLessThan(1e-4);
        assertThat(report.agreement()).isEqualTo(1);
        assertThat(report.bytesAfter()).isPositive();
        assertThat(report.timeBefore()).isPositive();
        Case one = ModelFixtures.of("onnx").model("digits_cnn.onnx").cases().getFirst();
        try (ModelLease lease = registry.acquire("digits", VersionSelector.labelled("optimized"))) {
            assertThat(lease.status().version()).isEqualTo(2);
            assertClose(lease.model().run(one.inputs(), Set.of(), new Cancellation()), one.outputs(), 1e-4);
        }
    }

    @Test
    void aTransformerIsRoundedAndItsTokenizerComesAlong() throws Exception {
        OptimizationReport report = optimizer.optimize(request("sentiment", true, OptionalDouble.empty(), ""));

        assertThat(report.quantized()).isEqualTo(9);
        assertThat(report.bytesAfter()).isLessThan(report.bytesBefore());
        assertThat(report.maxDifference()).isPositive().isLessThan(0.05);
        Path version = folder.resolve("models/sentiment/" + report.written().getAsLong());
        try (Stream<Path> files = Files.list(version)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.onnx", "tokenizer.json");
        }
    }

    @Test
    void whatDiffersTooMuchIsReportedAndNotWritten() throws Exception {
        try (Stream<Path> before = Files.list(folder.resolve("models/sentiment"))) {
            List<Path> versions = before.toList();
            OptimizationReport report = optimizer.optimize(request("sentiment", true, OptionalDouble.of(1e-9), "x"));

            assertThat(report.written()).isEmpty();
            assertThat(report.maxDifference()).isGreaterThan(report.tolerance());
            try (Stream<Path> after = Files.list(folder.resolve("models/sentiment"))) {
                assertThat(after).containsExactlyInAnyOrderElementsOf(versions);
            }
        }
    }

    @Test
    void givenInputsAreComputedAndTextsAreNotMadeUp() throws Exception {
        assertThatThrownBy(() -> optimizer.optimize(request("words", false, OptionalDouble.empty(), "")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("give inputs");
        Case one = ModelFixtures.of("onnx").model("string_in.onnx").cases().getFirst();
        OptimizationReport report = optimizer.optimize(new OptimizationRequest(
                "words",
                VersionSelector.of(1),
                false,
                List.of(one.inputs()),
                OptionalDouble.empty(),
                Optional.empty()));

        assertThat(report.written()).isPresent();
        assertThat(report.maxDifference()).isZero();
        assertThatThrownBy(() -> optimizer.optimize(request("nobody", false, OptionalDouble.empty(), "")))
                .isInstanceOf(NotFoundException.class);
    }
}
