package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.deploy.Deployments;
import forge.ai.runtime.testkit.ClassPathBundles;
import forge.ai.runtime.testkit.OsgiFramework;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A home folder and a distribution, with a framework over them that can be started again and again. */
final class DeployHome implements AutoCloseable {

    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.osgi.util.converter",
            "org.glassfish.jakarta.json",
            "org.apache.felix.cm.json",
            "org.osgi.service.feature",
            "org.apache.felix.feature",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "forge.ai.runtime.deploy");

    private final Path folder;
    private final List<Path> base = new ArrayList<>();
    private OsgiFramework framework;

    DeployHome(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(home().resolve("deploy"));
        Files.createDirectories(home().resolve("conf"));
        Files.createDirectories(distribution().resolve("bundles"));
        Files.createDirectories(distribution().resolve("features"));
    }

    Path home() {
        return folder.resolve("home");
    }

    Path distribution() {
        return folder.resolve("dist");
    }

    Path conf(String name) {
        return home().resolve("conf").resolve(name);
    }

    Path deploy(String name) {
        return home().resolve("deploy").resolve(name);
    }

    /** Has a jar started as one of the distribution's at each start. */
    void base(Path jar) {
        base.add(jar);
    }

    /** Has a built bundle started as one of the distribution's at each start. */
    void base(String symbolicName) {
        base.add(ClassPathBundles.find(symbolicName));
    }

    /** Has everything in the framework's storage forgotten, as the launcher does at each start. */
    void forgetFramework() throws IOException {
        if (!Files.exists(folder.resolve("framework"))) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder.resolve("framework"))) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Starts as the launcher does: everything of the distribution is installed and then started. */
    DeployHome start() throws Exception {
        System.setProperty("forge.home", home().toString());
        System.setProperty("forge.dist", distribution().toString());
        System.setProperty("felix.cm.dir", home().resolve("data/configurations").toString());
        framework = OsgiFramework.start(
                folder.resolve("framework"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.deploy;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0",
                "forge.ai.api.inference;version=0.1.0");
        List<Bundle> own = new ArrayList<>();
        for (Path jar : base) {
            own.add(installBase(jar));
        }
        for (String name : NEEDED) {
            framework.start(name);
        }
        for (Bundle bundle : own) {
            // A framework that remembers its bundles has started them already.
            if (!bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                bundle.start();
            }
        }
        deployments();
        return this;
    }

    private Bundle installBase(Path jar) throws IOException, BundleException {
        Bundle bundle = install("forge-base:" + jar.getFileName(), jar);
        Path instead = home().resolve("data/deploy/restart/" + bundle.getSymbolicName() + ".jar");
        if (!Files.exists(instead)) {
            return bundle;
        }
        bundle.uninstall();
        return install("forge-restart:" + bundle.getSymbolicName(), instead);
    }

    private Bundle install(String location, Path jar) throws IOException, BundleException {
        try (InputStream in = Files.newInputStream(jar)) {
            return framework.context().installBundle(location, in);
        }
    }

    OsgiFramework framework() {
        return framework;
    }

    Deployments deployments() throws Exception {
        return framework.await(Deployments.class, "(objectClass=*)", Duration.ofSeconds(20));
    }

    Configurations configurations() throws Exception {
        return framework.await(Configurations.class, "(objectClass=*)", Duration.ofSeconds(5));
    }

    /** The versions of a symbolic name that run, sorted. */
    List<String> running(String name) {
        return Stream.of(framework.context().getBundles())
                .filter(b -> name.equals(b.getSymbolicName()) && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getVersion().toString())
                .sorted()
                .toList();
    }

    /** How many bundles of a symbolic name are installed. */
    long installed(String name) {
        return Stream.of(framework.context().getBundles())
                .filter(b -> name.equals(b.getSymbolicName()))
                .count();
    }

    DeploymentState state(String name) throws Exception {
        return deployments().list().stream()
                .filter(d -> d.name().equals(name))
                .map(Deployment::state)
                .findFirst()
                .orElseThrow();
    }

    /** Makes a bundle without classes. */
    Path jar(String name, String version, Map<String, String> headers) throws IOException {
        return jar(name, version, headers, Map.of());
    }

    /** Makes a bundle with this content. */
    Path jar(String name, String version, Map<String, String> headers, Map<String, byte[]> content) throws IOException {
        Path jar = Files.createDirectories(folder.resolve("made")).resolve(name + "-" + version + ".jar");
        write(jar, name, version, headers, content);
        return jar;
    }

    /** Puts a bundle without classes into the distribution, for features to name. */
    void distribute(String name, String version, Map<String, String> headers) throws IOException {
        write(distribution().resolve("bundles/" + name + "-" + version + ".jar"), name, version, headers, Map.of());
    }

    private static void write(
            Path jar, String name, String version, Map<String, String> headers, Map<String, byte[]> content)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        headers.forEach(main::putValue);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                entries.putNextEntry(new JarEntry(entry.getKey()));
                entries.write(entry.getValue());
            }
            entries.finish();
        }
    }

    /** Moves a file into the deploy folder, or over the one there. */
    void drop(String name, Path file) throws IOException {
        Files.move(file, deploy(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a feature into the deploy folder. */
    void dropFeature(String name, String version, List<String> bundles, String configurations) throws IOException {
        Files.writeString(deploy(name + ".json"), feature(name, version, bundles, configurations));
    }

    void distributeFeature(String name, String version, List<String> bundles, String configurations)
            throws IOException {
        Files.writeString(
                distribution().resolve("features/" + name + ".json"), feature(name, version, bundles, configurations));
    }

    private static String feature(String name, String version, List<String> bundles, String configurations) {
        List<String> ids =
                bundles.stream().map(b -> "{\"id\": \"x:" + b + "\"}").toList();
        return """
                {
                  "feature-resource-version": "1.0",
                  "id": "x:%s:%s",
                  "bundles": [%s],
                  "configurations": {%s}
                }""".formatted(name, version, String.join(", ", ids), configurations);
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("the condition within 20 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** The deployment of that name in that state, once it is there. */
    Deployment await(String name, DeploymentState state) throws Exception {
        await(() -> deployments().list().stream().anyMatch(d -> d.name().equals(name) && d.state() == state));
        return deployments().list().stream()
                .filter(d -> d.name().equals(name) && d.state() == state)
                .findFirst()
                .orElseThrow();
    }

    /** Stops the framework as at the end of a run. */
    void stop() throws Exception {
        framework.close();
    }

    /** Starts again over what the last run left. */
    void restart() throws Exception {
        stop();
        start();
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
