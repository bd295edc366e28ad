package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files of real bundles: the LLM service and the provider for OpenAI. */
@Timeout(120)
class ConfigurationIT {

    private static final String PROVIDER = "forge.ai.provider.openai~x";
    private static final String ROUTE = "forge.ai.route~r";
    private static final String SECRET = "sk-never-seen-by-anybody";

    @TempDir
    Path folder;

    private final ScriptedUpstream server = new ScriptedUpstream();
    private DeployHome home;

    @BeforeEach
    void start() throws Exception {
        server.script(x -> x.answer(200, "application/json", "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}"));
        home = new DeployHome(folder);
        List.of(
                        "com.fasterxml.jackson.core.jackson-core",
                        "com.fasterxml.jackson.core.jackson-annotations",
                        "com.fasterxml.jackson.core.jackson-databind",
                        "org.jetbrains.kotlin.osgi-bundle",
                        "com.squareup.okio",
                        "com.squareup.okhttp3",
                        "forge.ai.runtime.llm",
                        "forge.ai.runtime.models",
                        "forge.ai.provider.openai")
                .forEach(home::base);
        home.start();
    }

    @AfterEach
    void stop() throws Exception {
        home.close();
        server.close();
    }

    @Test
    void whatIsNotAllowedIsRefusedByNameAndTheLastGoodStaysInForceAlsoAfterARestart() throws Exception {
        write(ROUTE, "{\"targets\": [\"x/m\"], \"attempts\": 2}");
        home.await(ROUTE, DeploymentState.ACTIVE);
        refused(ROUTE, "{\"targets\": [\"x/m\"], \"attempts\": \"many\"}", "attempts", "many", "a whole number");
        refused(ROUTE, "{\"targets\": [\"x/m\"], \"strategy\": \"slowest\"}", "strategy", "slowest", "priority");
        refused(ROUTE, "{\"targets\": []}", "targets", "provider/model");
        refused(ROUTE, "{\"targets\": [\"x/m\"], ", "JSON");
        assertThat(home.configurations().values(ROUTE)).containsEntry("attempts", 2L);
        write(ROUTE, "{\"targets\": [\"x/m\"], \"strategy\": \"slowest\", \"attempts\": 4}");
        DeployHome.await(
                () -> home.await(ROUTE, DeploymentState.FAILED).reason().contains("slowest"));
        home.restart();
        assertThat(home.await(ROUTE, DeploymentState.FAILED).reason()).contains("slowest");
        assertThat(home.configurations().values(ROUTE))
                .containsEntry("attempts", 2L)
                .doesNotContainKey("strategy");
        write(ROUTE, "{\"targets\": [\"x/m\"], \"attempts\": 5}");
        home.await(ROUTE, DeploymentState.ACTIVE);
        assertThat(home.configurations().values(ROUTE)).containsEntry("attempts", 5L);
    }

    private void refused(String pid, String text, String... said) throws Exception {
        write(pid, text);
        DeployHome.await(() -> home.deployments().list().stream()
                .anyMatch(d -> d.name().equals(pid)
                        && d.state() == DeploymentState.FAILED
                        && Stream.of(said).allMatch(d.reason()::contains)
                        && d.reason().contains(pid + ".cfg.json")));
    }

    @Test
    void whatTheOpenAiProviderDoesNotTakeIsRefusedWithItsOwnWords() throws Exception {
        write(PROVIDER, "{\"name\": \"x\", \"baseUrl\": \"" + server.uri() + "/v1\"}");
        LlmProvider provider = provider();
        refused(PROVIDER, "{\"name\": \"x\", \"baseUrl\": \"ftp://here\"}", "baseUrl", "ftp://here", "http or https");
        refused(PROVIDER, "{\"name\": \"x\", \"idleTimeoutMillis\": -1}", "idleTimeoutMillis", "-1", "86400000");
        assertThat(provider.models()).hasSize(1);
    }

    @Test
    void whatTheModelRegistryDoesNotTakeIsRefusedWithItsOwnWords() throws Exception {
        write("forge.ai.models", "{\"mode\": \"explicit\"}");
        home.await("forge.ai.models", DeploymentState.ACTIVE);
        refused("forge.ai.models", "{\"mode\": \"sometimes\"}", "mode", "sometimes", "watch or explicit");
        refused("forge.ai.models", "{\"lookMillis\": 1}", "lookMillis", "1", "10 or more");
        assertThat(home.configurations().values("forge.ai.models")).containsEntry("mode", "explicit");
    }

    @Test
    void aSecretReachesTheUpstreamAndNobodyElse() throws Exception {
        Files.writeString(home.conf("secrets/openai"), SECRET + "\n");
        write(
                PROVIDER,
                "{\"name\": \"x\", \"baseUrl\": \"%s/v1\", \"apiKey\": \"$[secret:openai]\"}".formatted(server.uri()));
        LlmProvider provider = provider();
        provider.models();
        assertThat(server.requests().getLast().header("Authorization")).isEqualTo("Bearer " + SECRET);
        assertThat(home.configurations().values(PROVIDER)).containsEntry("apiKey", "$[secret:openai]");
        home.configurations().set(PROVIDER, Map.of("organization", "us"));
        assertThat(Files.readString(home.conf(PROVIDER + ".cfg.json"))).contains("$[secret:openai]");
        assertThat(filesWith(SECRET)).containsExactly(home.conf("secrets/openai"));
        Files.writeString(home.conf("secrets/openai"), "sk-next");
        DeployHome.await(() -> {
            provider.models();
            return "Bearer sk-next".equals(server.requests().getLast().header("Authorization"));
        });
    }

    @Test
    void aSecretThatIsNotThereIsReportedAndTakenOnceItComes() throws Exception {
        write(
                PROVIDER,
                "{\"name\": \"x\", \"baseUrl\": \"%s/v1\", \"apiKey\": \"$[secret:late]\"}".formatted(server.uri()));
        assertThat(home.await(PROVIDER, DeploymentState.FAILED).reason()).contains("apiKey", "secrets/late");
        assertThat(home.configurations().pids()).doesNotContain(PROVIDER);
        Files.writeString(home.conf("secrets/late"), "sk-late");
        provider().models();
        assertThat(server.requests().getLast().header("Authorization")).isEqualTo("Bearer sk-late");
    }

    @Test
    void anEnvironmentVariableReachesTheUpstreamAndIsShownByName() throws Exception {
        write(
                PROVIDER,
                "{\"name\": \"x\", \"baseUrl\": \"%s/v1\", \"apiKey\": \"$[env:USER_KEY;default=sk-default]\"}"
                        .formatted(server.uri()));
        provider().models();
        assertThat(server.requests().getLast().header("Authorization")).isEqualTo("Bearer sk-default");
        assertThat(home.configurations().values(PROVIDER))
                .containsEntry("apiKey", "$[env:USER_KEY;default=sk-default]");
    }

    @Test
    void aChangeTakesEffectWithinASecondAndADeletedFileIsOutOfForce() throws Exception {
        List<Duration> took = new ArrayList<>();
        for (int change = 0; change < 5; change++) {
            Instant start = Instant.now();
            String key = "Bearer sk-" + change;
            write(
                    PROVIDER,
                    "{\"name\": \"x\", \"baseUrl\": \"%s/v1\", \"apiKey\": \"sk-%d\"}".formatted(server.uri(), change));
            LlmProvider provider = provider();
            DeployHome.await(() -> {
                provider.models();
                return key.equals(server.requests().getLast().header("Authorization"));
            });
            took.add(Duration.between(start, Instant.now()));
        }
        // The median: one may fall into a pause of a busy machine.
        assertThat(took.stream().sorted().toList().get(2))
                .as("median of " + took)
                .isLessThan(Duration.ofSeconds(1));
        assertThat(home.configurations().values(PROVIDER)).containsEntry("apiKey", "***");
        Files.delete(home.conf(PROVIDER + ".cfg.json"));
        DeployHome.await(() -> home.framework()
                        .context()
                        .getServiceReferences(LlmProvider.class, null)
                        .isEmpty()
                && home.configurations().pids().isEmpty()
                && home.deployments().list().isEmpty());
    }

    @Test
    void configurationsAreSetByCallWithTheTypesThatTheBundleDeclares() throws Exception {
        home.configurations().set(ROUTE, Map.of("targets", "x/m, y/m", "attempts", "4"));
        assertThat(home.configurations().values(ROUTE))
                .containsEntry("targets", List.of("x/m", "y/m"))
                .containsEntry("attempts", 4L);
        assertThatThrownBy(() -> home.configurations().set(ROUTE, Map.of("attempts", "0")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContainingAll(ROUTE + ".cfg.json", "attempts", "0");
        assertThatThrownBy(() -> home.configurations().set(ROUTE, Map.of("atempts", "3")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContainingAll("atempts", "attempts");
        assertThatThrownBy(() -> home.configurations().set("../x", Map.of("a", "b")))
                .isInstanceOf(InvalidRequestException.class);
        home.configurations().set(ROUTE, Map.of("attempts", ""));
        assertThat(home.configurations().values(ROUTE)).doesNotContainKey("attempts");
        home.restart();
        assertThat(home.configurations().values(ROUTE)).containsEntry("targets", List.of("x/m", "y/m"));
        home.configurations().remove(ROUTE);
        assertThat(home.conf(ROUTE + ".cfg.json")).doesNotExist();
        assertThatThrownBy(() -> home.configurations().values(ROUTE)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> home.configurations().remove(ROUTE)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aMaskThatComesBackChangesNoSecret() throws Exception {
        write(PROVIDER, "{\"name\": \"x\", \"baseUrl\": \"%s/v1\", \"apiKey\": \"sk-clear\"}".formatted(server.uri()));
        LlmProvider provider = provider();
        home.configurations().set(PROVIDER, home.configurations().values(PROVIDER));
        provider.models();
        assertThat(server.requests().getLast().header("Authorization")).isEqualTo("Bearer sk-clear");
    }

    private LlmProvider provider() throws Exception {
        return home.framework().await(LlmProvider.class, "(" + LlmProvider.NAME + "=x)", Duration.ofSeconds(10));
    }

    private void write(String pid, String text) throws Exception {
        Files.writeString(home.conf(pid + ".cfg.json"), text);
    }

    private List<Path> filesWith(String text) throws Exception {
        byte[] sought = text.getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> contains(file, new String(sought, StandardCharsets.ISO_8859_1)))
                    .toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
