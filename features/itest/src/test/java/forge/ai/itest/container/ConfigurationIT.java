package forge.ai.itest.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.llm.Route;
import forge.ai.itest.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.After;
import org.junit.Test;

/** Files of the conf folder that are written, changed, wrong and deleted. */
public class ConfigurationIT extends ForgeTestBase {

    /** A median of under a second is asserted in runtime/deploy; here a busy machine may pause. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final String ROUTE = "forge.ai.route~assistant";
    private static final String PROVIDER = "forge.ai.provider.openai~mirror";
    private static final String SERVER = "forge.ai.server";
    private static final String GOOD = "{\"targets\": [\"local/tiny-gpt\"]}";

    @After
    public void deleteTheFiles() throws IOException {
        Files.deleteIfExists(conf(ROUTE));
        Files.deleteIfExists(conf(PROVIDER));
        Files.deleteIfExists(conf(SERVER));
        Await.until(
                "the files are given up",
                LIMIT,
                () -> deployment(ROUTE).isEmpty()
                        && deployment(PROVIDER).isEmpty()
                        && deployment(SERVER).isEmpty()
                        && route().isEmpty());
    }

    @Test
    public void aRouteIsThereWithinASecondAndChangesWithItsFile() throws IOException {
        write(ROUTE, GOOD);
        Duration took = Await.until("the route is there", SOON, () -> route().isPresent());
        System.out.printf("configuration: in force %d ms after the file came%n", took.toMillis());
        assertThat(complete("assistant")).isEqualTo(" fox jumps over the lazy dog.");

        write(ROUTE, "{\"targets\": [\"local/tiny-gpt\", \"local/tiny-embedding\"], \"strategy\": \"weighted\"}");
        took = Await.until(
                "the route has changed",
                SOON,
                () -> route().filter(r -> r.strategy().equals("weighted")).isPresent());
        System.out.printf("configuration: in force %d ms after the file changed%n", took.toMillis());
        assertThat(route().orElseThrow().targets()).containsExactly("local/tiny-gpt", "local/tiny-embedding");

        Files.delete(conf(ROUTE));
        Await.until("the route is gone", SOON, () -> route().isEmpty());
    }

    @Test
    public void aProviderServesWithinASecond() {
        write(
                PROVIDER,
                "{\"name\": \"mirror\", \"baseUrl\": \"%s\", \"models\": [\"local/tiny-gpt\"]}"
                        .formatted(address().resolve("/v1")));
        Duration took =
                Await.until("the provider is there", SOON, () -> providers().contains("mirror"));
        System.out.printf("configuration: provider there %d ms after the file came%n", took.toMillis());
        assertThat(complete("mirror/local/tiny-gpt")).isEqualTo(" fox jumps over the lazy dog.");
    }

    @Test
    public void aWrongValueIsReportedAndTheLastGoodStaysInForce() {
        goodRoute();
        write(ROUTE, "{\"targets\": [\"local/tiny-gpt\"], \"strategy\": \"fastest\"}");
        assertReported(ROUTE, "strategy", "fastest", "cheapest");
        assertGoodRouteServes();
    }

    @Test
    public void aNumberThatIsNoneIsReportedAndTheLastGoodStaysInForce() {
        goodRoute();
        write(ROUTE, "{\"targets\": [\"local/tiny-gpt\"], \"attempts\": \"many\"}");
        assertReported(ROUTE, "attempts", "many", "whole number");
        assertGoodRouteServes();
    }

    @Test
    public void aRouteWithoutTargetsIsReportedAndTheLastGoodStaysInForce() {
        goodRoute();
        write(ROUTE, "{\"targets\": []}");
        assertReported(ROUTE, "targets", "provider/model");
        assertGoodRouteServes();
    }

    @Test
    public void aFileThatIsNoJsonIsReportedAndTheLastGoodStaysInForce() {
        goodRoute();
        write(ROUTE, "{\n\"targets\": [\"local/tiny-gpt\"\n");
        assertReported(ROUTE, "JSON", "line");
        assertGoodRouteServes();
    }

    @Test
    public void aProviderWithAWrongAddressIsReported() {
        write(PROVIDER, "{\"name\": \"mirror\", \"baseUrl\": \"nowhere\"}");
        assertReported(PROVIDER, "baseUrl", "nowhere", "http");
        assertThat(providers()).doesNotContain("mirror");
    }

    /** The HTTP and the gRPC server take one configuration, and each refuses what it cannot use. */
    @Test
    public void bothServersCheckTheirConfiguration() {
        write(SERVER, "{\"grpc\": \"0.0.0.0:8081\"}");
        assertReported(SERVER, "grpc", "0.0.0.0:8081", "loopback");
        write(SERVER, "{\"grpc\": \"127.0.0.1:0\", \"keepAliveSeconds\": 0}");
        Await.until(
                "the other one reports",
                LIMIT,
                () -> deployment(SERVER)
                        .filter(d -> d.reason().contains("keepAliveSeconds"))
                        .isPresent());
        assertReported(SERVER, "keepAliveSeconds", "1 to 3600");
        assertThat(client().get("/health/ready").status()).isEqualTo(200);
    }

    @Test
    public void anUnknownKeyIsToldWithThoseThereAre() {
        write(ROUTE, "{\"targets\": [\"local/tiny-gpt\"], \"atempts\": 2}");
        Await.until("the key is told", LIMIT, () -> deployment(ROUTE).isPresent());
        assertThat(deployment(ROUTE).orElseThrow().reason()).contains("atempts", "attempts");
        assertGoodRouteServes();
    }

    @Test
    public void aChangeByCallIsInForceOnReturnAndAWrongOneChangesNothing() {
        Configurations configurations = service(Configurations.class);
        configurations.set(ROUTE, Map.of("targets", List.of("local/tiny-gpt"), "attempts", 2));
        assertThat(route()).isPresent();
        assertThat(conf(ROUTE)).content().contains("local/tiny-gpt");
        assertThatThrownBy(() -> configurations.set(ROUTE, Map.of("strategy", "fastest")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContainingAll(ROUTE + ".cfg.json", "strategy", "fastest", "cheapest");
        assertThat(configurations.values(ROUTE)).doesNotContainKey("strategy").containsKey("targets");
        assertGoodRouteServes();
    }

    private void goodRoute() {
        write(ROUTE, GOOD);
        Await.until("the route is there", LIMIT, () -> route().isPresent());
    }

    private void assertGoodRouteServes() {
        assertThat(route().orElseThrow().targets()).containsExactly("local/tiny-gpt");
        assertThat(route().orElseThrow().strategy()).isEqualTo("priority");
        assertThat(complete("assistant")).isEqualTo(" fox jumps over the lazy dog.");
    }

    /** In the list and over HTTP: which file it is, and all that helps to mend it. */
    private void assertReported(String pid, String... told) {
        Duration took = Await.until(
                "it is reported",
                LIMIT,
                () -> deployment(pid),
                () -> deployment(pid)
                        .filter(d -> d.state() == DeploymentState.FAILED)
                        .isPresent());
        assertThat(took).isLessThan(SOON);
        Deployment refused = deployment(pid).orElseThrow();
        assertThat(refused.reason()).contains(pid + ".cfg.json").contains(told).doesNotContain("\n");
        assertThat(client().get("/health").body().get("failedDeployments"))
                .anySatisfy(f -> assertThat(f.get("reason").textValue()).isEqualTo(refused.reason()));
    }

    private String complete(String model) {
        Map<String, ?> request = Map.of("model", model, "prompt", "The quick brown", "temperature", 0);
        return client().post("/v1/completions", request)
                .body()
                .at("/choices/0/text")
                .textValue();
    }

    private void write(String pid, String json) {
        put(conf(pid), json.getBytes(StandardCharsets.UTF_8));
    }

    private Path conf(String pid) {
        return home().resolve("conf/" + pid + ".cfg.json");
    }

    private Optional<Route> route() {
        return service(LlmService.class).routes().stream()
                .filter(r -> r.name().equals("assistant"))
                .findFirst();
    }

    private List<String> providers() {
        return service(LlmService.class).providers().stream()
                .map(ProviderStatus::name)
                .toList();
    }
}
