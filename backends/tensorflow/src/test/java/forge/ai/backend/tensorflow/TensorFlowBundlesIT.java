package forge.ai.backend.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.ChildJvm;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundle of the library and that of the backend in a framework, in a process of their own. */
class TensorFlowBundlesIT {

    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.scr",
            "forge.ai.lib.tensorflow",
            "forge.ai.backend.tensorflow");

    private final ModelFixtures fixtures = ModelFixtures.of("tensorflow");

    @TempDir
    private Path folder;

    @Test
    void aModelComputesOfflineFromNativesThatAreUnpackedOnce() throws Exception {
        Path version = SavedModels.copy(fixtures.folder().resolve("iris_savedmodel"), folder);

        ChildJvm first = compute(version);
        Path library = library();
        var written = Files.getLastModifiedTime(library);
        ChildJvm second = compute(version);

        for (ChildJvm child : List.of(first, second)) {
            assertThat(child.exit()).as(() -> String.join("\n", child.output())).isZero();
            assertThat(child.output()).contains("shape [1, 3]");
            assertThat(child.output()).noneMatch(line -> line.startsWith("open socket:"));
            assertThat(child.files()).isEmpty();
        }
        assertThat(library()).isEqualTo(library);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);
    }

    private ChildJvm compute(Path version) throws Exception {
        return ChildJvm.run(
                folder, InFramework.class, folder.resolve("framework").toString(), version.toString());
    }

    private Path library() throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("framework"))) {
            List<Path> found =
                    files.filter(f -> f.endsWith("libtensorflow_cc.so.2")).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    static final class InFramework implements ChildJvm.Work {

        @Override
        public void run(String... args) throws Exception {
            OsgiFramework framework = OsgiFramework.start(
                    Path.of(args[0]),
                    "forge.ai.api;version=0.1.0",
                    "forge.ai.api.model;version=0.1.0",
                    "forge.ai.api.tensor;version=0.1.0");
            for (String bundle : NEEDED) {
                framework.start(bundle);
            }
            ModelBackend backend = framework.await(
                    ModelBackend.class, "(" + ModelBackend.NAME + "=tensorflow)", Duration.ofSeconds(10));
            try (LoadedModel model = backend.load(ModelFixtures.source(Path.of(args[1])))) {
                Tensor row = Tensor.ofFloats(new long[] {1, 4}, 5.1f, 3.5f, 1.4f, 0.2f);
                Map<String, Tensor> outputs = model.run(Map.of("features", row), Set.of(), new Cancellation());
                System.out.println("shape "
                        + List.of(
                                outputs.get("probabilities").dimension(0),
                                outputs.get("probabilities").dimension(1)));
            }
            ChildJvm.openFiles().forEach(file -> System.out.println("open " + file));
        }
    }
}
