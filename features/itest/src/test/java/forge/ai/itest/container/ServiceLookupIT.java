package forge.ai.itest.container;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.tensor.Tensor;
import forge.ai.itest.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Bundles written against the API alone find the runtime's services, and the runtime finds theirs. */
public class ServiceLookupIT extends ForgeTestBase {

    private static final String MODEL = "double-plus-one";

    @After
    public void takeEverythingOut() throws IOException {
        Path model = home().resolve("models").resolve(MODEL);
        if (Files.exists(model)) {
            try (Stream<Path> files = Files.walk(model)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        undeployAll();
    }

    @Test
    public void anotherBundleAsksTheLlmServiceThatItFound() throws Exception {
        put(deployFolder().resolve("consumer.jar"), example("consumer"));
        Await.until("its command is there", LIMIT, () -> !commands().isEmpty());
        ServiceReference<?> command = commands().getFirst();
        assertThat(command.getBundle().getSymbolicName()).isEqualTo("forge.ai.example.consumer");
        Object ask = context.getService(command);
        try {
            Object answer = ask.getClass()
                    .getMethod("ask", String.class, String.class)
                    .invoke(ask, "local/tiny-gpt", "The quick brown");
            assertThat((String) answer).isEqualTo(" fox jumps over the lazy dog.");
        } finally {
            context.ungetService(command);
        }
    }

    /** This test is a bundle as well. */
    @Test
    public void anotherBundleComputesWithTheInferenceServiceThatItFound() {
        InferenceService inference = service(InferenceService.class);
        Tensor image = Tensor.ofFloats(new long[] {1, 1, 8, 8}, new float[64]);
        InferenceResult result = inference.infer(InferenceRequest.of("digits", Map.of("image", image)));
        assertThat(result.outputs().get("logits").toFloats()).hasSize(10);
    }

    @Test
    public void theRuntimeServesTheModelsOfABackendOfSomebodyElse() throws IOException {
        Path version =
                Files.createDirectories(home().resolve("tmp").resolve(MODEL).resolve("1"));
        Files.writeString(version.resolve("model.linear"), "2 1");
        Files.move(version.getParent(), home().resolve("models").resolve(MODEL));
        put(deployFolder().resolve("backend.jar"), example("backend"));
        Await.until("the model is ready", LIMIT, this::models, () -> models().contains(MODEL + " READY"));
        InferenceResult result = service(InferenceService.class)
                .infer(InferenceRequest.of(MODEL, Map.of("x", Tensor.ofFloats(new long[] {3}, new float[] {1, 2, 3}))));
        assertThat(result.outputs().get("y").toFloats()).containsExactly(3, 5, 7);

        Files.delete(deployFolder().resolve("backend.jar"));
        Await.until("the model is not ready", LIMIT, this::models, () -> !models().contains(MODEL + " READY"));
        assertThat(models()).contains("digits READY");
    }

    private List<String> models() {
        return service(ModelRegistry.class).models().stream()
                .map(m -> m.name() + " " + (m.state() == ModelState.READY ? "READY" : m.state() + ": " + m.reason()))
                .toList();
    }

    private List<ServiceReference<?>> commands() {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, "(osgi.command.scope=example)");
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
