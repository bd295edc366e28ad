package forge.ai.api.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the registry knows of one version of a model.
 *
 * @param name the model
 * @param version the version, 1 or more
 * @param state where it stands
 * @param reason why, for people; empty while all is well
 * @param since when it came into this state
 * @param backend the name of its backend, or empty if none was found
 * @param labels the labels that it carries
 * @param digest SHA-256 over the files of the version in hexadecimal, or empty while unknown
 * @param folder where its files lie
 * @param signature what it takes and gives, once loaded
 * @param instances how many times it is in memory
 * @param memory about how many bytes it takes there, all instances together
 */
public record ModelStatus(
        String name,
        long version,
        ModelState state,
        String reason,
        Instant since,
        String backend,
        Set<String> labels,
        String digest,
        Path folder,
        Optional<ModelSignature> signature,
        int instances,
        long memory) {

    public ModelStatus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(backend, "backend");
        labels = Set.copyOf(labels);
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(signature, "signature");
    }
}
