package forge.ai.runtime.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.service.feature.ID;

/**
 * Finds the jars that a feature names by Maven coordinates: in the distribution, beside the feature, or in
 * {@code <home>/repository}; never on the network.
 */
final class FeatureBundles {

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*");

    private final Optional<Path> distribution;
    private final Path repository;

    /** @param distribution the folder of all bundles of the distribution, where there is one */
    FeatureBundles(Optional<Path> distribution, Path repository) {
        this.distribution = distribution;
        this.repository = repository;
    }

    /**
     * The jar of an id.
     *
     * @param besides the folders where the feature lies
     * @throws Refused if it is nowhere; it may come later
     */
    Path find(ID id, Set<Path> besides) {
        Stream.of(
                        id.getGroupId(),
                        id.getArtifactId(),
                        id.getVersion(),
                        id.getClassifier().orElse("_"))
                .filter(part -> !PART.matcher(part).matches())
                .findFirst()
                .ifPresent(part -> {
                    throw new Refused(id + ": '" + part + "' is not a part of Maven coordinates");
                });
        String name = id.getArtifactId() + "-" + id.getVersion()
                + id.getClassifier().map(c -> "-" + c).orElse("") + ".jar";
        Set<Path> candidates = new LinkedHashSet<>();
        distribution.ifPresent(folder -> candidates.add(folder.resolve(name)));
        besides.forEach(folder -> candidates.add(folder.resolve(name)));
        candidates.add(repository
                .resolve(id.getGroupId().replace('.', '/'))
                .resolve(id.getArtifactId())
                .resolve(id.getVersion())
                .resolve(name));
        return candidates.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> Refused.missing("there is no jar of " + id + "; looked for "
                        + String.join(
                                ", ", candidates.stream().map(Path::toString).toList())));
    }
}
