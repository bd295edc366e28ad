package forge.ai.runtime.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.PulledModel;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.model.LoopbackHub;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** A model that is pulled is found by the watched repository, becomes ready and classifies, with all that is needed. */
@Timeout(120)
class HubIT {

    private static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "org.jetbrains.kotlin.osgi-bundle",
            "com.squareup.okio",
            "com.squareup.okhttp3",
            "forge.ai.lib.onnxruntime",
            "forge.ai.lib.tokenizers",
            "forge.ai.backend.onnx",
            "forge.ai.backend.huggingface",
            "forge.ai.runtime.models",
            "forge.ai.runtime.inference",
            "forge.ai.runtime.hub");

    @TempDir
    private Path folder;

    @Test
    void aPulledModelBecomesReadyAndClassifies() throws Exception {
        Path fixture = ModelFixtures.folder("hf").resolve("tiny-sentiment");
        assumeTrue(Files.exists(fixture), "there are no fixtures at " + fixture);
        System.setProperty("forge.home", folder.toString());
        try (LoopbackHub server = new LoopbackHub();
                OsgiFramework framework = OsgiFramework.start(
                        folder.resolve("felix"),
                        "forge.ai.api;version=0.1.0",
                        "forge.ai.api.inference;version=0.1.0",
                        "forge.ai.api.llm;version=0.1.0",
                        "forge.ai.api.model;version=0.1.0",
                        "forge.ai.api.monitoring;version=0.1.0",
                        "forge.ai.api.tensor;version=0.1.0",
                        "org.osgi.service.cm;version=1.6.1")) {
            server.putAll(fixture);
            for (String bundle : BUNDLES) {
                framework.start(bundle);
            }
            BundleContext context = framework.context();
            context.getService(context.getServiceReference(ConfigurationAdmin.class))
                    .getConfiguration(HuggingFaceHub.PID, "?")
                    .update(new Hashtable<>(Map.of("url", server.url(), "minFreeBytes", 0L)));
            ModelHub hub =
                    framework.await(ModelHub.class, "(service.pid=" + HuggingFaceHub.PID + ")", Duration.ofSeconds(10));
            ModelRegistry registry = framework.await(ModelRegistry.class, "(objectClass=*)", Duration.ofSeconds(10));
            InferenceService engine =
                    framework.await(InferenceService.class, "(objectClass=*)", Duration.ofSeconds(10));

            PulledModel pulled = hub.pull(HubPull.of("acme/tiny"), progress -> {});
            assertThat(pulled.changed()).isTrue();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (registry.models().stream()
                    .noneMatch(m -> m.name().equals("tiny") && m.state() == ModelState.READY)) {
                assertThat(System.nanoTime()).as(registry.models().toString()).isLessThan(end);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            Tensor text = Tensor.ofStrings(new long[] {2}, List.of("the phone is great", "what a horrible movie!"));
            assertThat(engine.infer(InferenceRequest.of("tiny", Map.of("text", text)))
                            .outputs()
                            .get("label")
                            .toStrings())
                    .containsExactly("POSITIVE", "NEGATIVE");
            assertThat(hub.pull(HubPull.of("acme/tiny"), progress -> {}).changed())
                    .isFalse();
        }
    }
}
