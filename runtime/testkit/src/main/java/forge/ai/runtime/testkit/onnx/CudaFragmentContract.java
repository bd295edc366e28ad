package forge.ai.runtime.testkit.onnx;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.api.Cancellation;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import forge.ai.runtime.testkit.model.ModelFixtures.Fixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/**
 * The library with the fragment that adds CUDA: the real one with the profile {@code cuda}, else one that holds
 * something in its place that cannot be loaded either.
 */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CudaFragmentContract {

    private static final String PROVIDER = "ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so";
    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component", "org.apache.felix.scr");

    @TempDir
    static Path folder;

    private final ModelFixtures fixtures = ModelFixtures.of("onnx");
    private OsgiFramework framework;
    private Bundle fragment;

    /** The symbolic name of the backend's bundle. */
    protected abstract String backend();

    @BeforeAll
    void start() throws Exception {
        framework = OsgiFramework.start(
                folder.resolve("felix"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0");
        for (String bundle : NEEDED) {
            framework.start(bundle);
        }
        try (InputStream jar = real().isPresent() ? Files.newInputStream(real().get()) : standIn()) {
            fragment = framework.context().installBundle("test:cuda", jar);
        }
        framework.start("forge.ai.lib.onnxruntime");
        framework.start(backend());
    }

    @AfterAll
    void stop() throws Exception {
        framework.close();
    }

    private static Optional<Path> real() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(jar -> jar.getFileName().toString().startsWith("forge.ai.lib.onnxruntimecuda-"))
                .findFirst();
    }

    private static InputStream standIn() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "test.cuda");
        main.putValue("Fragment-Host", "forge.ai.lib.onnxruntime");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.putNextEntry(new JarEntry(PROVIDER));
            jar.write("no library".getBytes());
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    void theFragmentIsResolvedAndItsFileLiesBesideTheLibrary() throws Exception {
        assertThat(fragment.getState()).isEqualTo(Bundle.RESOLVED);
        try (Stream<Path> files = Files.walk(folder.resolve("felix"))) {
            Path provider = files.filter(f -> f.endsWith("libonnxruntime_providers_cuda.so"))
                    .findFirst()
                    .orElseThrow();
            assertThat(provider.resolveSibling("libonnxruntime.so")).exists();
        }
    }

    @Test
    void withoutAGpuItIsSaidOrTheCpuComputesAsConfigured() throws Exception {
        assumeTrue(!gpu(), "there is a GPU");
        Fixture fixture = fixtures.model("digits_cnn.onnx");

        assertThatThrownBy(() -> load(fixture, "cuda:0", Map.of()).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContainingAll("cuda:0", "onnx-cuda", "cuDNN", "deviceFallback")
                .hasNoCause();
        compare(fixture, "cuda:0", Map.of("deviceFallback", "cpu"));
        compare(fixture, "auto", Map.of());
        compare(fixture, "cpu", Map.of());
    }

    @Test
    void theModelsAreComputedOnTheGpu() throws Exception {
        assumeTrue(real().isPresent() && gpu(), "no GPU, or not built with the profile cuda");
        for (Fixture fixture : fixtures.models()) {
            if (!fixture.argMax()) {
                compare(fixture, "cuda:0", Map.of("gpuMemoryMiB", "1024"));
            }
        }
        compare(fixtures.model("digits_cnn.onnx"), "auto", Map.of());
        compare(fixtures.model("digits_cnn.onnx"), "cuda", Map.of("providers", "cpu,cuda"));
    }

    private static boolean gpu() {
        return Files.exists(Path.of("/dev/nvidia0"));
    }

    private LoadedModel load(Fixture fixture, String device, Map<String, String> parameters) throws Exception {
        Path version = folder.resolve(fixture.file()).resolve("1");
        if (!Files.exists(version)) {
            fixtures.version(folder, fixture.file(), "model.onnx");
        }
        return framework
                .await(ModelBackend.class, "(" + ModelBackend.NAME + "=onnx)", Duration.ofSeconds(10))
                .load(new ModelSource("test", 1, version, device, 1, parameters));
    }

    private void compare(Fixture fixture, String device, Map<String, String> parameters) throws Exception {
        try (LoadedModel model = load(fixture, device, parameters)) {
            for (Case one : fixture.cases()) {
                // What is summed in another order on a GPU differs in the last bits.
                assertClose(
                        model.run(one.inputs(), one.outputs().keySet(), new Cancellation()),
                        one.outputs(),
                        Math.max(fixture.tolerance(), 1e-4));
            }
        }
    }
}
