package forge.ai.runtime.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was built: {@code bundles/}, {@code features/}, {@code models/} and the launcher's own {@code lib/}.
 *
 * @param folder that holds them
 */
record Distribution(Path folder) {

    private static final String DEFAULT = "default";

    /** The one that this class was started from. */
    static Distribution located() {
        String folder = System.getProperty("forge.dist");
        if (folder == null) {
            throw Exit.failed("the system property forge.dist has to name the folder of the distribution");
        }
        return new Distribution(Path.of(folder).toAbsolutePath().normalize());
    }

    Path samples() {
        return folder.resolve("models");
    }

    /**
     * The jars of the default feature and then of those named, each once, in the order to start them.
     *
     * @throws Exit if there is no such feature, or a jar is missing
     */
    List<Path> bundles(List<String> features) throws IOException {
        Set<Path> jars = new LinkedHashSet<>(jars(DEFAULT));
        for (String feature : features) {
            jars.addAll(jars(feature));
        }
        return new ArrayList<>(jars);
    }

    private List<Path> jars(String feature) throws IOException {
        Path file = folder.resolve("features").resolve(feature + ".json");
        if (!Files.isRegularFile(file)) {
            throw Exit.failed("there is no feature " + feature + "; there are " + String.join(", ", features()));
        }
        List<Path> jars = new ArrayList<>();
        for (String id : FeatureFile.bundles(file)) {
            jars.add(jar(file, id));
        }
        return jars;
    }

    /** A Maven id is {@code group:artifact:version}, or {@code group:artifact:type:classifier:version}. */
    private Path jar(Path feature, String id) {
        String[] parts = id.split(":");
        String name = parts[1] + "-" + parts[parts.length - 1] + (parts.length == 5 ? "-" + parts[3] : "") + ".jar";
        Path jar = folder.resolve("bundles").resolve(name);
        if (!Files.isRegularFile(jar)) {
            throw Exit.failed(feature + " names " + id + ", but there is no " + jar);
        }
        return jar;
    }

    private List<String> features() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("features"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".json"))
                    .map(n -> n.substring(0, n.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }
}
