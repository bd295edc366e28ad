package forge.ai.itest.container;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.itest.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Jars that come into the deploy folder and leave it. */
public class DeployIT extends ForgeTestBase {

    private static final Duration SOON = Duration.ofSeconds(2);

    @After
    public void emptyTheFolder() throws IOException {
        undeployAll();
    }

    @Test
    public void aProviderPutIntoTheFolderServesWithinTwoSeconds() {
        put(deployFolder().resolve("words.jar"), example("provider"));
        Duration took = Await.until("words/count is served", SOON, () -> models().contains("words/count"));
        assertThat(words("The quick brown fox")).isEqualTo("4 words");
        System.out.printf("deploy: served %d ms after the jar came%n", took.toMillis());
        Await.until(
                "it is listed as active",
                LIMIT,
                this::deployments,
                () -> deployment("forge.ai.example.provider")
                        .filter(d -> d.state() == DeploymentState.ACTIVE)
                        .isPresent());
        assertThat(client().chat("words/count", "two words")).isEqualTo("2 words");
    }

    @Test
    public void aProviderTakenOutOfTheFolderIsGoneWithItsModels() throws IOException {
        put(deployFolder().resolve("words.jar"), example("provider"));
        Await.until("words/count is served", LIMIT, () -> models().contains("words/count"));
        Files.delete(deployFolder().resolve("words.jar"));
        Duration took = Await.until("words/count is gone", LIMIT, () -> !models().contains("words/count"));
        System.out.printf("undeploy: gone %d ms after the jar%n", took.toMillis());
        Await.until("its bundle is gone", LIMIT, () -> !names().contains("forge.ai.example.provider"));
        assertThat(client().get("/v1/models").body().findValuesAsText("id"))
                .contains("local/tiny-gpt")
                .doesNotContain("words/count");
    }

    @Test
    public void aCorruptJarIsReportedAndChangesNothing() {
        byte[] half = example("provider");
        half = Arrays.copyOf(half, half.length / 2);
        List<String> before = names();
        put(deployFolder().resolve("half.jar"), half);
        assertRefused("half.jar", "zip");
        awaitBundles(before);
    }

    @Test
    public void aJarThatDoesNotResolveIsReportedAndChangesNothing() throws IOException {
        List<String> before = names();
        put(deployFolder().resolve("lacking.jar"), lacking());
        assertRefused("example.lacking", "com.example.nowhere");
        awaitBundles(before);
    }

    @Test
    public void aDamagedNewVersionLeavesTheOldOneServing() {
        put(deployFolder().resolve("words.jar"), example("provider"));
        Await.until("words/count is served", LIMIT, () -> models().contains("words/count"));
        put(deployFolder().resolve("words.jar"), new byte[] {'P', 'K', 3, 4, 0});
        Await.until(
                "the damage is reported",
                LIMIT,
                this::deployments,
                () -> deployments().stream().anyMatch(d -> d.state() == DeploymentState.FAILED));
        assertThat(words("still there")).isEqualTo("2 words");
        assertThat(deployments()).anyMatch(d -> d.state() == DeploymentState.ACTIVE);
    }

    /** What is tried is in the framework for a moment. */
    private void awaitBundles(List<String> expected) {
        Await.until("the bundles are those of before", LIMIT, () -> names(), () -> names().equals(expected));
    }

    private void assertRefused(String name, String reason) {
        Await.until(
                name + " is reported",
                LIMIT,
                this::deployments,
                () -> deployment(name).isPresent());
        Deployment refused = deployment(name).orElseThrow();
        assertThat(refused.state()).isEqualTo(DeploymentState.FAILED);
        assertThat(refused.reason()).containsIgnoringCase(reason);
        assertThat(client().get("/health").body().get("failedDeployments")).anySatisfy(failed -> {
            assertThat(failed.get("name").textValue()).isEqualTo(name);
            assertThat(failed.get("reason").textValue()).isEqualTo(refused.reason());
        });
        assertThat(readiness().status()).isEqualTo(200);
    }

    private static byte[] lacking() throws IOException {
        Manifest manifest = new Manifest();
        Map.of(
                        "Manifest-Version", "1.0",
                        "Bundle-ManifestVersion", "2",
                        "Bundle-SymbolicName", "example.lacking",
                        "Bundle-Version", "1.0.0",
                        "Import-Package", "com.example.nowhere")
                .forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }

    private String words(String text) {
        return service(LlmService.class)
                .chat(ChatRequest.of("words/count", Message.user(text)))
                .text();
    }

    private List<String> models() {
        return service(LlmService.class).models().stream().map(LlmModel::id).toList();
    }

    private List<Deployment> deployments() {
        return service(Deployments.class).list();
    }

    private List<String> names() {
        return bundles().map(Bundle::getSymbolicName).toList();
    }
}
