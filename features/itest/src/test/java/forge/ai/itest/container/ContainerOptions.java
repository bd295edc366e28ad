package forge.ai.itest.container;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/** What makes of Pax Exam's framework one such as {@code ./forge run} starts. */
final class ContainerOptions {

    private static final String[] SLF4J = {"org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi"};
    private static final String[] LOGBACK = {
        "ch.qos.logback.classic", "ch.qos.logback.classic.spi", "ch.qos.logback.core", "ch.qos.logback.core.spi"
    };

    private ContainerOptions() {}

    /** The default feature over a fresh home. */
    static Option defaultFeature() throws IOException {
        Path dist = Path.of(System.getProperty("forge.dist"));
        Path home = home();
        return composite(
                junitBundles(),
                assertions(),
                systemPackages(loggingPackages()),
                property("org.osgi.framework.bsnversion", "multiple"),
                property("org.apache.felix.http.require.config", "true"),
                property("forge.home", home),
                property("forge.dist", dist),
                property("forge.http", "127.0.0.1:0"),
                property("forge.grpc", "127.0.0.1:0"),
                property("felix.cm.dir", home.resolve("data/configurations")),
                composite(bundles(dist)));
    }

    /** One for this process. */
    private static Path home() throws IOException {
        ProcessHandle process = ProcessHandle.current();
        long start = process.info().startInstant().orElseThrow().toEpochMilli();
        Path home = Path.of(System.getProperty("forge.work"), "homes", "container-" + process.pid() + "-" + start);
        if (Files.exists(home)) {
            return home;
        }
        Files.createDirectories(home);
        copy(Path.of(System.getProperty("forge.dist"), "models"), home.resolve("models"));
        return home;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static Option property(String key, Object value) {
        return frameworkProperty(key).value(value.toString());
    }

    /** As the launcher exports them. */
    private static String[] loggingPackages() {
        List<String> packages = new ArrayList<>();
        for (String name : SLF4J) {
            packages.add(name + ";version=2.0.17");
            packages.add(name + ";version=1.7.36");
        }
        for (String name : LOGBACK) {
            packages.add(name + ";version=1.5.38");
        }
        return packages.toArray(String[]::new);
    }

    private static Option[] bundles(Path dist) throws IOException {
        JsonNode feature = new ObjectMapper()
                .readTree(dist.resolve("features/default.json").toFile());
        List<Option> bundles = new ArrayList<>();
        for (JsonNode entry : feature.get("bundles")) {
            if (entry.path("java").intValue() > Runtime.version().feature()) {
                continue;
            }
            String[] parts =
                    (entry.isTextual() ? entry : entry.get("id")).textValue().split(":");
            Path jar = dist.resolve("bundles/" + parts[1] + "-" + parts[2] + ".jar");
            bundles.add(bundle(jar.toUri().toString()).start());
        }
        return bundles.toArray(Option[]::new);
    }

    /** AssertJ and what it is made with, from the class path. */
    private static Option assertions() {
        return composite(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(jar -> jar.getFileName().toString().matches("(assertj-core|byte-buddy)-[0-9.]+\\.jar"))
                .map(jar -> bundle(jar.toUri().toString()))
                .toArray(Option[]::new));
    }
}
