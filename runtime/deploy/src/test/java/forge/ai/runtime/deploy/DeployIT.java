package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.deploy.Deployments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DeployIT {

    @TempDir
    Path folder;

    private DeployHome home;
    private Deployments deployments;

    @BeforeEach
    void start() throws Exception {
        home = new DeployHome(folder).start();
        deployments = home.deployments();
    }

    @AfterEach
    void stop() throws Exception {
        home.close();
    }

    @Test
    void aJarIsStartedReplacedAndTakenOut() throws Exception {
        home.drop("a.jar", home.jar("x.sample", "1.0.0", Map.of()));
        DeployHome.await(() -> versions().equals(List.of("1.0.0")));
        home.drop("a.jar", home.jar("x.sample", "1.1.0", Map.of()));
        DeployHome.await(() -> versions().equals(List.of("1.1.0")));
        assertThat(deployments.list())
                .singleElement()
                .extracting(Deployment::state)
                .isEqualTo(DeploymentState.ACTIVE);
        Files.delete(home.deploy("a.jar"));
        DeployHome.await(() -> versions().isEmpty() && deployments.list().isEmpty());
    }

    @Test
    void whatDoesNotResolveIsReportedAndChangesNothing() throws Exception {
        home.drop("a.jar", home.jar("x.sample", "1.0.0", Map.of()));
        DeployHome.await(() -> versions().equals(List.of("1.0.0")));
        home.drop("a.jar", home.jar("x.sample", "2.0.0", Map.of("Import-Package", "no.such.thing")));
        DeployHome.await(() -> deployments.list().stream().anyMatch(d -> d.state() == DeploymentState.FAILED));
        assertThat(versions()).containsExactly("1.0.0");
        assertThat(deployments.list()).anyMatch(d -> d.reason().contains("no.such.thing"));
    }

    @Test
    void aFileOfConfigurationIsInForceAndAWrongOneLeavesTheLastGood() throws Exception {
        Configurations configurations = home.configurations();
        Path file = home.home().resolve("conf/x.sample.cfg.json");
        Files.writeString(file, "{\"size\": 3, \"apiKey\": \"$[env:PATH]\", \"password\": \"clear\"}");
        DeployHome.await(() -> configurations.pids().contains("x.sample"));
        assertThat(configurations.values("x.sample"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("size", 3L, "apiKey", "$[env:PATH]", "password", "***"));
        Files.writeString(file, "{\"size\": ");
        DeployHome.await(() -> deployments.list().stream().anyMatch(d -> d.state() == DeploymentState.FAILED));
        assertThat(configurations.values("x.sample")).containsEntry("size", 3L);
        Files.delete(file);
        DeployHome.await(() -> configurations.pids().isEmpty());
    }

    private List<String> versions() {
        return home.running("x.sample");
    }
}
