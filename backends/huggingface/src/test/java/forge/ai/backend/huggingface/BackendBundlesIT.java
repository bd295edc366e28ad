package forge.ai.backend.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.ClassPathBundles;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Both bundles with the libraries they need, wired by nothing but services. */
class BackendBundlesIT {

    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind");

    private final Path hub = ModelFixtures.folder("hf").resolve("tiny-sentiment");

    @TempDir
    private Path folder;

    @Test
    void textIsClassifiedAlsoAfterTheNetworksBundleWasReplaced() throws Exception {
        try (OsgiFramework framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0")) {
            for (String bundle : NEEDED) {
                framework.start(bundle);
            }
            Bundle library = framework.start("forge.ai.lib.onnxruntime");
            framework.start("forge.ai.lib.tokenizers");
            Bundle onnx = framework.start("forge.ai.backend.onnx");
            framework.start("forge.ai.backend.huggingface");
            LoadedModel before = load(framework);
            assertThat(classify(before)).containsExactly("POSITIVE", "NEGATIVE");
            BundleWiring wiring = library.adapt(BundleWiring.class);

            try (InputStream again = Files.newInputStream(ClassPathBundles.find("forge.ai.backend.onnx"))) {
                onnx.update(again);
            }
            framework.refresh(onnx);

            assertThatThrownBy(() -> classify(before)).isInstanceOf(UnavailableException.class);
            try (LoadedModel after = load(framework)) {
                assertThat(classify(after)).containsExactly("POSITIVE", "NEGATIVE");
            }
            assertThat(library.adapt(BundleWiring.class)).isSameAs(wiring);
        }
    }

    private LoadedModel load(OsgiFramework framework) throws Exception {
        return framework
                .await(ModelBackend.class, "(" + ModelBackend.NAME + "=huggingface)", Duration.ofSeconds(10))
                .load(ModelFixtures.source(hub));
    }

    private static List<String> classify(LoadedModel model) {
        Tensor text = Tensor.ofStrings(new long[] {2}, List.of("the phone is great", "what a horrible movie!"));
        return model.run(Map.of("text", text), Set.of(), new Cancellation())
                .get("label")
                .toStrings();
    }
}
