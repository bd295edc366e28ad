package forge.ai.itest.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.llm.Route;
import forge.ai.itest.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Features: bundles and the configurations that go with them, as one thing. */
public class FeatureIT extends ForgeTestBase {

    private static final String NAME = "example:words";

    private Path folder;

    @Before
    public void layOut() throws IOException {
        folder = Files.createDirectories(home().resolve("tmp/feature"));
        Files.write(folder.resolve("forge.ai.example.provider-0.1.0-SNAPSHOT.jar"), example("provider"));
    }

    @After
    public void takeEverythingOut() throws IOException {
        undeployAll();
    }

    @Test
    public void aFeatureBringsItsBundleAndItsRouteAndTakesBothAway() throws IOException {
        Deployments deployments = service(Deployments.class);
        deployments.install(feature("forge.ai.example.provider", "words/count"));
        assertThat(deployment(NAME).orElseThrow().state()).isEqualTo(DeploymentState.ACTIVE);
        assertThat(client().chat("counter", "one two three")).isEqualTo("3 words");

        deployments.remove(NAME);
        assertThat(deployment(NAME)).isEmpty();
        // Components hear of configurations that are gone a moment later.
        Await.until("the route is gone", LIMIT, () -> !routes().contains("counter"));
        Await.until("the provider is gone", LIMIT, () -> !providers().contains("words"));
        Await.until(
                "its bundle is gone",
                LIMIT,
                () -> bundles().noneMatch(b -> b.getSymbolicName().equals("forge.ai.example.provider")));
    }

    @Test
    public void aFeatureThatLacksABundleIsRefusedAsAWhole() throws IOException {
        List<String> before = bundles().map(Bundle::getSymbolicName).toList();
        Path file = feature("forge.ai.example.nowhere", "words/count");
        assertThatThrownBy(() -> service(Deployments.class).install(file))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("forge.ai.example.nowhere");
        assertThat(bundles().map(Bundle::getSymbolicName)).isEqualTo(before);
        assertThat(routes()).doesNotContain("counter");
        assertThat(deployFolder()).isEmptyDirectory();
    }

    @Test
    public void aFeatureWhoseConfigurationIsWrongIsRefusedAsAWhole() throws IOException {
        Path file = feature("forge.ai.example.provider", "nonsense");
        assertThatThrownBy(() -> service(Deployments.class).install(file))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContainingAll("forge.ai.route~counter", "targets", "nonsense");
        assertThat(providers()).doesNotContain("words");
        assertThat(routes()).doesNotContain("counter");
    }

    @Test
    public void aFeatureInTheFolderThatIsWrongIsReported() {
        put(deployFolder().resolve("words.json"), "{\"id\": ".getBytes(StandardCharsets.UTF_8));
        Await.until("it is reported", LIMIT, () -> deployment("words.json").isPresent());
        assertThat(deployment("words.json").orElseThrow().state()).isEqualTo(DeploymentState.FAILED);
        assertThat(client().get("/health").body().get("failedDeployments").findValuesAsText("name"))
                .containsExactly("words.json");
    }

    private Path feature(String bundle, String target) throws IOException {
        return Files.writeString(folder.resolve("words.json"), """
                {
                  "feature-resource-version": "1.0",
                  "id": "%s:1.0.0",
                  "bundles": ["forge.ai:%s:0.1.0-SNAPSHOT"],
                  "configurations": {"forge.ai.route~counter": {"targets": ["%s"]}}
                }
                """.formatted(NAME, bundle, target));
    }

    private List<String> routes() {
        return service(LlmService.class).routes().stream().map(Route::name).toList();
    }

    private List<String> providers() {
        return service(LlmService.class).providers().stream()
                .map(ProviderStatus::name)
                .toList();
    }
}
