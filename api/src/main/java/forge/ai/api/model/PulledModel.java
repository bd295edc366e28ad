package forge.ai.api.model;

import java.util.Objects;

/**
 * What a {@link ModelHub} has brought.
 *
 * @param name of the model in the repository
 * @param version of it that holds what was asked for
 * @param revision the exact one, where the hub knows it as a commit
 * @param downloadedBytes what came over the network; files that were there already do not count
 * @param changed whether the version is new
 */
public record PulledModel(String name, long version, String revision, long downloadedBytes, boolean changed) {
    public PulledModel {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(revision, "revision");
    }
}
