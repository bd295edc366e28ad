package forge.ai.lib.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.runtime.testkit.BundleJar;
import forge.ai.runtime.testkit.ChildJvm;
import forge.ai.runtime.testkit.OsgiFramework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeBundleIT {

    private final Path model = Path.of(System.getProperty("forge.shared"), "models/onnx/digits_cnn.onnx");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsTheModel() {
        assumeTrue(Files.exists(model), () -> "no " + model);
    }

    @Test
    void anotherBundleComputesAndNothingIsLeftOutsideOfTheFramework() throws Exception {
        ChildJvm first = compute();

        assertThat(first.exit()).as(() -> String.join("\n", first.output())).isZero();
        assertThat(first.output()).anyMatch(line -> line.startsWith("logits ") && line.contains("shape=[1, 10]"));
        assertThat(first.files()).isEmpty();
        assertThat(Path.of("/tmp/mat-debug-" + first.pid() + ".log"))
                .as("log of the telemetry")
                .doesNotExist();
        assertThat(first.output()).noneMatch(line -> line.startsWith("open socket:"));
        assertThat(first.output()).noneMatch(line -> line.startsWith("open ") && line.contains("onnxruntime.db"));
    }

    @Test
    void theNativeLibraryIsUnpackedOnce() throws Exception {
        compute();
        Path library = library();
        var written = Files.getLastModifiedTime(library);

        ChildJvm second = compute();

        assertThat(second.exit()).as(() -> String.join("\n", second.output())).isZero();
        assertThat(library()).isEqualTo(library);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);
    }

    private ChildJvm compute() throws Exception {
        return ChildJvm.run(
                folder, InFramework.class, folder.resolve("framework").toString(), model.toString());
    }

    private Path library() throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("framework"))) {
            List<Path> found =
                    files.filter(f -> f.endsWith("libonnxruntime.so")).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    static final class InFramework implements ChildJvm.Work {

        @Override
        public void run(String... args) throws Exception {
            System.setProperty("probe.model", args[1]);
            OsgiFramework framework = OsgiFramework.start(Path.of(args[0]));
            framework.start("forge.ai.lib.onnxruntime");
            framework.start(new BundleJar(
                    "probe",
                    Map.of(
                            "Import-Package",
                            "ai.onnxruntime;version=\"[1.29,2)\",org.osgi.framework",
                            "Bundle-Activator",
                            DigitsProbe.class.getName()),
                    DigitsProbe.class));
            System.out.println("logits " + System.getProperty("probe.logits"));
            ChildJvm.openFiles().forEach(file -> System.out.println("open " + file));
        }
    }
}
