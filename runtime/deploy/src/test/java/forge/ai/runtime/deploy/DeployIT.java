package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.deploy.Deployments;
import forge.ai.runtime.testkit.OsgiFramework;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

@Timeout(120)
class DeployIT {

    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.osgi.util.converter",
            "org.glassfish.jakarta.json",
            "org.apache.felix.cm.json",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "forge.ai.runtime.deploy");

    @TempDir
    Path home;

    private OsgiFramework framework;
    private Deployments deployments;

    @BeforeEach
    void start() throws Exception {
        System.setProperty("forge.home", home.toString());
        framework = OsgiFramework.start(
                home.resolve("framework"), "forge.ai.api;version=0.1.0", "forge.ai.api.deploy;version=0.1.0");
        for (String name : NEEDED) {
            framework.start(name);
        }
        deployments = framework.await(Deployments.class, "(objectClass=*)", Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void aJarIsStartedReplacedAndTakenOut() throws Exception {
        drop("a.jar", jar("x.sample", "1.0.0", ""));
        await(() -> versions().equals(List.of("1.0.0")));
        drop("a.jar", jar("x.sample", "1.1.0", ""));
        await(() -> versions().equals(List.of("1.1.0")));
        assertThat(deployments.list())
                .singleElement()
                .extracting(Deployment::state)
                .isEqualTo(DeploymentState.ACTIVE);
        Files.delete(home.resolve("deploy/a.jar"));
        await(() -> versions().isEmpty() && deployments.list().isEmpty());
    }

    @Test
    void whatDoesNotResolveIsReportedAndChangesNothing() throws Exception {
        drop("a.jar", jar("x.sample", "1.0.0", ""));
        await(() -> versions().equals(List.of("1.0.0")));
        drop("a.jar", jar("x.sample", "2.0.0", "no.such.thing"));
        await(() -> deployments.list().stream().anyMatch(d -> d.state() == DeploymentState.FAILED));
        assertThat(versions()).containsExactly("1.0.0");
        assertThat(deployments.list()).anyMatch(d -> d.reason().contains("no.such.thing"));
    }

    @Test
    void aFileOfConfigurationIsInForceAndAWrongOneLeavesTheLastGood() throws Exception {
        Configurations configurations = framework.await(Configurations.class, "(objectClass=*)", Duration.ofSeconds(5));
        Path file = home.resolve("conf/x.sample.cfg.json");
        Files.writeString(file, "{\"size\": 3, \"apiKey\": \"$[env:PATH]\", \"password\": \"clear\"}");
        await(() -> configurations.pids().contains("x.sample"));
        assertThat(configurations.values("x.sample"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("size", 3L, "apiKey", "$[env:PATH]", "password", "***"));
        Files.writeString(file, "{\"size\": ");
        await(() -> deployments.list().stream().anyMatch(d -> d.state() == DeploymentState.FAILED));
        assertThat(configurations.values("x.sample")).containsEntry("size", 3L);
        Files.delete(file);
        await(() -> configurations.pids().isEmpty());
    }

    private List<String> versions() {
        return Stream.of(framework.context().getBundles())
                .filter(b -> "x.sample".equals(b.getSymbolicName()) && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getVersion().toString())
                .toList();
    }

    private Path jar(String name, String version, String imports) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        if (!imports.isEmpty()) {
            main.putValue("Import-Package", imports);
        }
        Path jar = home.resolve(name + "-" + version + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.finish();
        }
        return jar;
    }

    private void drop(String name, Path jar) throws Exception {
        Files.move(jar, home.resolve("deploy").resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("the condition within 20 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
