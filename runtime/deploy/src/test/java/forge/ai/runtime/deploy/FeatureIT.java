package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.deploy.DeploymentState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FeatureIT {

    private static final Map<String, String> PLAIN = Map.of();

    @TempDir
    Path folder;

    private DeployHome home;

    @BeforeEach
    void prepare() throws Exception {
        home = new DeployHome(folder);
    }

    @AfterEach
    void stop() throws Exception {
        home.close();
    }

    @Test
    void aFeatureInTheFolderBringsBundlesThatNeedEachOtherAndConfigurations() throws Exception {
        home.distribute("x.user", "1.0.0", Map.of("Import-Package", "x.lib;version=\"[1,2)\""));
        home.distribute("x.lib", "1.2.0", Map.of("Export-Package", "x.lib;version=1.2"));
        home.start();
        home.dropFeature("f", "1.0.0", List.of("x.user:1.0.0", "x.lib:1.2.0"), "\"x.pid~a\": {\"size\": 3}");
        DeployHome.await(() -> home.running("x.user").equals(List.of("1.0.0")));
        DeployHome.await(() -> !home.deployments().list().isEmpty());
        assertThat(home.running("x.lib")).containsExactly("1.2.0");
        assertThat(home.configurations().values("x.pid~a")).containsEntry("size", 3L);
        assertThat(home.deployments().list()).singleElement().satisfies(d -> {
            assertThat(d.name()).isEqualTo("x:f");
            assertThat(d.version()).isEqualTo("1.0.0");
            assertThat(d.state()).isEqualTo(DeploymentState.ACTIVE);
        });
        Files.delete(home.deploy("f.json"));
        DeployHome.await(() -> home.deployments().list().isEmpty());
        assertThat(home.installed("x.user") + home.installed("x.lib")).isZero();
        assertThat(home.configurations().pids()).isEmpty();
    }

    @Test
    void whatAFeatureLacksIsReportedAndNothingOfItIsThereUntilItComes() throws Exception {
        home.distribute("x.a", "1.0.0", PLAIN);
        home.start();
        home.dropFeature("f", "1.0.0", List.of("x.a:1.0.0", "x.b:1.0.0"), "\"x.pid\": {\"size\": 3}");
        DeployHome.await(() -> !home.deployments().list().isEmpty());
        assertThat(home.deployments().list()).singleElement().satisfies(d -> {
            assertThat(d.state()).isEqualTo(DeploymentState.FAILED);
            assertThat(d.reason()).contains("x:x.b:1.0.0");
        });
        assertThat(home.installed("x.a")).isZero();
        assertThat(home.configurations().pids()).isEmpty();
        home.drop("x.b-1.0.0.jar", home.jar("x.b", "1.0.0", PLAIN));
        DeployHome.await(() -> home.deployments().list().stream().allMatch(d -> d.state() == DeploymentState.ACTIVE));
        assertThat(home.running("x.a")).containsExactly("1.0.0");
        assertThat(home.installed("x.b")).isEqualTo(1);
    }

    @Test
    void aFeatureThatDoesNotResolveRollsBackBundlesAndConfigurations() throws Exception {
        home.distribute("x.a", "1.0.0", PLAIN);
        home.distribute("x.a", "2.0.0", PLAIN);
        home.distribute("x.b", "1.0.0", Map.of("Import-Package", "no.such.thing"));
        home.distributeFeature("f", "1.0.0", List.of("x.a:1.0.0"), "\"x.pid\": {\"size\": 3}");
        home.start();
        home.deployments().installFeature("f");
        home.distributeFeature("f", "2.0.0", List.of("x.a:2.0.0", "x.b:1.0.0"), "\"x.pid\": {\"size\": 4}");
        assertThatThrownBy(() -> home.deployments().installFeature("f"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no.such.thing");
        assertThat(home.running("x.a")).containsExactly("1.0.0");
        assertThat(home.installed("x.a")).isEqualTo(1);
        assertThat(home.installed("x.b")).isZero();
        assertThat(home.configurations().values("x.pid")).containsEntry("size", 3L);
        assertThat(home.deployments().list()).singleElement().satisfies(d -> {
            assertThat(d.state()).isEqualTo(DeploymentState.ACTIVE);
            assertThat(d.version()).isEqualTo("1.0.0");
        });
    }

    @Test
    void aBundleStaysForAsLongAsSomebodyWantsIt() throws Exception {
        home.distribute("x.own", "1.0.0", PLAIN);
        home.distribute("x.shared", "1.0.0", PLAIN);
        home.base(home.distribution().resolve("bundles/x.own-1.0.0.jar"));
        home.distributeFeature("f", "1.0.0", List.of("x.own:1.0.0", "x.shared:1.0.0"), "");
        home.distributeFeature("g", "1.0.0", List.of("x.shared:1.0.0"), "");
        home.start();
        assertThat(home.deployments().features()).containsExactly("f", "g");
        home.deployments().installFeature("f");
        home.deployments().installFeature("g");
        assertThat(home.installed("x.own")).isEqualTo(1);
        assertThat(home.installed("x.shared")).isEqualTo(1);
        home.deployments().remove("x:f");
        assertThat(home.running("x.own")).containsExactly("1.0.0");
        assertThat(home.running("x.shared")).containsExactly("1.0.0");
        home.drop("s.jar", home.jar("x.shared", "1.0.0", PLAIN));
        DeployHome.await(() -> home.deployments().list().size() == 2);
        home.deployments().remove("x:g");
        assertThat(home.running("x.shared")).containsExactly("1.0.0");
        home.deployments().remove("x.shared");
        DeployHome.await(() -> home.installed("x.shared") == 0);
        assertThat(home.running("x.own")).containsExactly("1.0.0");
        assertThatThrownBy(() -> home.deployments().remove("x:g")).isInstanceOf(NotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void featuresAreThereAgainAfterARestart(boolean frameworkForgets) throws Exception {
        home.distribute("x.user", "1.0.0", Map.of("Import-Package", "x.lib;version=\"[1,2)\""));
        home.distribute("x.lib", "1.2.0", Map.of("Export-Package", "x.lib;version=1.2"));
        home.distribute("x.other", "1.0.0", PLAIN);
        home.distributeFeature("f", "1.0.0", List.of("x.user:1.0.0", "x.lib:1.2.0"), "\"x.pid~a\": {\"size\": 3}");
        home.start();
        home.deployments().installFeature("f");
        home.dropFeature("g", "1.0.0", List.of("x.other:1.0.0"), "\"x.pid~b\": {\"size\": 4}");
        DeployHome.await(() -> home.running("x.other").equals(List.of("1.0.0")));
        DeployHome.await(() -> home.deployments().list().size() == 2);
        restart(frameworkForgets);
        assertThat(home.running("x.user")).containsExactly("1.0.0");
        assertThat(home.running("x.lib")).containsExactly("1.2.0");
        assertThat(home.running("x.other")).containsExactly("1.0.0");
        assertThat(home.configurations().pids()).contains("x.pid~a", "x.pid~b");
        assertThat(home.deployments().list()).hasSize(2).allMatch(d -> d.state() == DeploymentState.ACTIVE);
        home.stop();
        Files.delete(home.deploy("g.json"));
        home.start();
        assertThat(home.deployments().list())
                .singleElement()
                .satisfies(d -> assertThat(d.name()).isEqualTo("x:f"));
        DeployHome.await(() -> home.installed("x.other") == 0);
        assertThat(home.configurations().pids()).contains("x.pid~a").doesNotContain("x.pid~b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJarThatReplacesOneOfTheDistributionDoesSoAgainAfterARestart(boolean frameworkForgets) throws Exception {
        home.base(home.jar("x.own", "1.0.0", PLAIN));
        home.start();
        home.drop("own.jar", home.jar("x.own", "1.1.0", PLAIN));
        DeployHome.await(() -> home.running("x.own").equals(List.of("1.1.0")));
        restart(frameworkForgets);
        DeployHome.await(() -> home.running("x.own").equals(List.of("1.1.0")));
        assertThat(home.state("x.own")).isEqualTo(DeploymentState.ACTIVE);
        home.deployments().remove("x.own");
        DeployHome.await(() -> home.running("x.own").equals(List.of("1.0.0")));
    }

    @Test
    void aNewDistributionWithAFeatureThatLacksSomethingLeavesTheOldOneUntilThatComes() throws Exception {
        home.distribute("x.a", "1.0.0", PLAIN);
        home.distribute("x.a", "2.0.0", Map.of("Import-Package", "x.lib"));
        home.distributeFeature("f", "1.0.0", List.of("x.a:1.0.0"), "");
        home.start();
        home.deployments().installFeature("f");
        home.stop();
        home.distributeFeature("f", "2.0.0", List.of("x.a:2.0.0"), "");
        home.start();
        assertThat(home.await("x:f", DeploymentState.FAILED).reason()).contains("x.lib");
        assertThat(home.await("x:f", DeploymentState.ACTIVE).version()).isEqualTo("1.0.0");
        assertThat(home.running("x.a")).containsExactly("1.0.0");
        home.drop("lib.jar", home.jar("x.lib", "1.0.0", Map.of("Export-Package", "x.lib")));
        DeployHome.await(() -> home.running("x.a").equals(List.of("2.0.0")));
        DeployHome.await(() -> home.deployments().list().stream().allMatch(d -> d.state() == DeploymentState.ACTIVE));
    }

    @Test
    void whatTheDistributionIsWiredToIsReplacedAtTheNextStart() throws Exception {
        home.base(home.jar("x.lib", "1.0.0", Map.of("Export-Package", "x.lib;version=1.0")));
        home.base(home.jar("x.user", "1.0.0", Map.of("Import-Package", "x.lib")));
        home.start();
        home.drop("lib.jar", home.jar("x.lib", "1.1.0", Map.of("Export-Package", "x.lib;version=1.1")));
        assertThat(home.await("x.lib", DeploymentState.AT_RESTART).version()).isEqualTo("1.1.0");
        assertThat(home.running("x.lib")).containsExactly("1.0.0");
        restart(true);
        assertThat(home.state("x.lib")).isEqualTo(DeploymentState.ACTIVE);
        assertThat(home.running("x.lib")).containsExactly("1.1.0");
        home.deployments().remove("x.lib");
        restart(true);
        assertThat(home.running("x.lib")).containsExactly("1.0.0");
    }

    @Test
    void aFeatureByPathTakesTheJarsBesideIt() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.move(home.jar("x.a", "1.0.0", PLAIN), elsewhere.resolve("x.a-1.0.0.jar"));
        Path repository = Files.createDirectories(home.home().resolve("repository/org/x/x.b/1.0.0"));
        Files.move(home.jar("x.b", "1.0.0", PLAIN), repository.resolve("x.b-1.0.0.jar"));
        Path feature = elsewhere.resolve("f.json");
        Files.writeString(feature, """
                {
                  // bundles by name alone are allowed, and so are comments
                  "id": "x:f:json:one:1.0.0",
                  "variables": {"size": 7},
                  "bundles": ["x:x.a:1.0.0", "org.x:x.b:1.0.0"],
                  "configurations": {"x.pid": {"label": "v${size}", "size:Integer": 7}}
                }""");
        home.start();
        assertThat(home.deployments().install(feature).state()).isEqualTo(DeploymentState.ACTIVE);
        assertThat(home.deploy("f.json")).exists();
        assertThat(home.running("x.a")).containsExactly("1.0.0");
        assertThat(home.configurations().values("x.pid"))
                .containsEntry("size", 7)
                .containsEntry("label", "v7");
        restart(true);
        assertThat(home.running("x.a")).containsExactly("1.0.0");
        assertThat(home.running("x.b")).containsExactly("1.0.0");
        assertThat(home.state("x:f:one")).isEqualTo(DeploymentState.ACTIVE);
    }

    @Test
    void aFileInTheConfFolderCountsMoreThanAFeature() throws Exception {
        home.distribute("x.a", "1.0.0", PLAIN);
        home.distributeFeature("f", "1.0.0", List.of("x.a:1.0.0"), "\"x.pid\": {\"size\": 3}");
        home.start();
        home.configurations().set("x.pid", Map.of("size", 5L));
        home.deployments().installFeature("f");
        assertThat(home.configurations().values("x.pid")).containsEntry("size", 5L);
        restart(true);
        assertThat(home.configurations().values("x.pid")).containsEntry("size", 5L);
        home.configurations().remove("x.pid");
        assertThat(home.configurations().values("x.pid")).containsEntry("size", 3L);
        home.deployments().remove("f");
        assertThat(home.configurations().pids()).isEmpty();
    }

    @Test
    void aFeatureWithAnExtensionThatIsMandatoryIsRefused() throws Exception {
        home.start();
        Files.writeString(home.deploy("f.json"), """
                {"id": "x:f:1.0.0", "extensions": {"must": {"kind": "mandatory", "type": "text", "text": ["x"]}}}""");
        assertThat(home.await("f.json", DeploymentState.FAILED).reason()).contains("must");
        Files.writeString(home.deploy("g.json"), "{\"id\": ");
        assertThat(home.await("g.json", DeploymentState.FAILED).reason()).contains("JSON");
        Files.writeString(home.deploy("x.cfg.json"), "{}");
        assertThat(home.await("x.cfg.json", DeploymentState.FAILED).reason()).contains("conf folder");
    }

    private void restart(boolean frameworkForgets) throws Exception {
        home.stop();
        if (frameworkForgets) {
            home.forgetFramework();
        }
        home.start();
    }
}
