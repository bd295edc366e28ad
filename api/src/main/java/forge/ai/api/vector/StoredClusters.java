package forge.ai.api.vector;

import java.util.List;
import java.util.Objects;

/**
 * What k-means found among the entries of a collection.
 *
 * @param ids of the entries, sorted; in the order of {@link Clusters#assignments}
 * @param clusters what it found
 */
public record StoredClusters(List<String> ids, Clusters clusters) {
    public StoredClusters {
        ids = List.copyOf(ids);
        Objects.requireNonNull(clusters, "clusters");
    }
}
