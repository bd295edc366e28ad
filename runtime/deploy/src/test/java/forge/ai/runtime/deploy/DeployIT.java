package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.deploy.Deployments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
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

    @Test
    void aJarIsInstalledReplacedAndTakenOutByCall() throws Exception {
        Deployment first = deployments.install(sample("1.0.0", Map.of()));
        assertThat(first.name()).isEqualTo("x.sample");
        assertThat(first.version()).isEqualTo("1.0.0");
        assertThat(first.state()).isEqualTo(DeploymentState.ACTIVE);
        assertThat(home.deploy("x.sample-1.0.0.jar")).exists();
        deployments.install(sample("1.1.0", Map.of()));
        DeployHome.await(() -> versions().equals(List.of("1.1.0")));
        assertThat(deployments.list())
                .extracting(Deployment::version, Deployment::state)
                .containsExactly(tuple("1.0.0", DeploymentState.SUPERSEDED), tuple("1.1.0", DeploymentState.ACTIVE));
        deployments.remove("x.sample-1.1.0.jar");
        DeployHome.await(() -> versions().equals(List.of("1.0.0")));
        deployments.remove("x.sample");
        DeployHome.await(() -> versions().isEmpty());
        assertThat(deployments.list()).isEmpty();
        assertThat(home.home().resolve("deploy")).isEmptyDirectory();
    }

    @Test
    void whatIsRefusedByCallIsNotInTheFolderAndWhatServedBeforeIs() throws Exception {
        Path good = sample("1.0.0", Map.of());
        Path named = Files.copy(good, folder.resolve("sample.jar"));
        deployments.install(named);
        byte[] before = Files.readAllBytes(home.deploy("sample.jar"));
        Files.move(
                sample("2.0.0", Map.of("Import-Package", "no.such.thing")), named, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> deployments.install(named))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContainingAll("sample.jar", "no.such.thing");
        Files.writeString(named, "no jar at all");
        assertThatThrownBy(() -> deployments.install(named)).isInstanceOf(InvalidRequestException.class);
        Path text = Files.writeString(folder.resolve("notes.txt"), "text");
        assertThatThrownBy(() -> deployments.install(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(".jar");
        assertThatThrownBy(() -> deployments.install(folder.resolve("absent.jar")))
                .isInstanceOf(NotFoundException.class);
        assertThat(Files.readAllBytes(home.deploy("sample.jar"))).isEqualTo(before);
        assertThat(versions()).containsExactly("1.0.0");
        assertThat(deployments.list())
                .singleElement()
                .extracting(Deployment::state)
                .isEqualTo(DeploymentState.ACTIVE);
    }

    @Test
    void nothingOutsideOfTheFolderIsTakenOut() throws Exception {
        Path other = Files.copy(sample("1.0.0", Map.of()), home.home().resolve("other.jar"));
        assertThatThrownBy(() -> deployments.remove("../other.jar")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> deployments.remove("x.sample")).isInstanceOf(NotFoundException.class);
        assertThat(other).exists();
    }

    @Test
    void aJarThatStaysIncompleteIsReportedAndTakenOnceItIsWhole() throws Exception {
        byte[] whole = Files.readAllBytes(sample("1.0.0", Map.of()));
        Files.write(home.deploy("a.jar"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(home.await("a.jar", DeploymentState.FAILED).reason()).contains("not a whole jar");
        Files.write(home.deploy("a.jar"), whole);
        home.await("x.sample", DeploymentState.ACTIVE);
        assertThat(deployments.list()).hasSize(1);
    }

    private Path sample(String version, Map<String, String> headers) throws Exception {
        return home.jar("x.sample", version, headers);
    }

    private List<String> versions() {
        return home.running("x.sample");
    }
}
