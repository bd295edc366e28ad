package forge.ai.runtime.deploy;

import java.util.List;
import java.util.Map;
import org.osgi.service.feature.ID;

/**
 * What a feature asks for.
 *
 * @param id of the feature
 * @param bundles in the order in which they are started
 * @param configurations values by PID, with the variables put in
 */
record FeatureDocument(ID id, List<ID> bundles, Map<Pid, Map<String, Object>> configurations) {

    /** {@code group:artifact}, and {@code :classifier} where the id has one. */
    String name() {
        return id.getGroupId() + ":" + id.getArtifactId()
                + id.getClassifier().map(c -> ":" + c).orElse("");
    }

    String version() {
        return id.getVersion();
    }
}
