package forge.ai.runtime.deploy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The features installed, as they are known again after a restart, with their configurations in force. */
final class FeatureMemory {

    private static final Logger LOG = LoggerFactory.getLogger(FeatureMemory.class);

    private final FeatureReader reader;
    private final FeatureStore store;
    private final FeatureConfigurations configurations;
    private final DeployState state;
    private final Map<String, FeatureDocument> documents = new TreeMap<>();

    FeatureMemory(FeatureReader reader, FeatureStore store, FeatureConfigurations configurations, DeployState state) {
        this.reader = reader;
        this.store = store;
        this.configurations = configurations;
        this.state = state;
    }

    /** Reads what was installed in the last run and brings the configurations into force. */
    void restore() throws IOException {
        for (Map.Entry<String, DeployState.GoodFeature> good : state.features().entrySet()) {
            String key = good.getKey();
            try {
                FeatureDocument feature = reader.read(store.get(good.getValue().hash()));
                documents.put(key, feature);
                configurations.restore(Claim.FEATURE + key, feature);
            } catch (IOException | Refused e) {
                LOG.error("the feature {} of the last run cannot be read: {}", key, Refused.said(e));
                state.removed(key);
            }
        }
    }

    FeatureDocument read(byte[] content) {
        return reader.read(content);
    }

    void write(String hash, byte[] content) throws IOException {
        store.put(hash, content);
    }

    long nextArrival() {
        return state.nextArrival();
    }

    /** Brings the configurations of a feature into force; what comes back undoes it. */
    Runnable configure(String key, FeatureDocument feature) {
        return configurations.put(Claim.FEATURE + key, feature, document(key));
    }

    void remember(String key, FeatureDocument feature, String hash, List<Claim> claims) {
        List<String> bundles =
                claims.stream().map(claim -> claim.artifact().hash()).toList();
        state.installed(
                key,
                new DeployState.GoodFeature(
                        hash, claims.isEmpty() ? 0 : claims.getFirst().arrival(), bundles));
        documents.put(key, feature);
    }

    /** Forgets a feature; what comes back takes its configurations out. */
    Runnable forget(String key) {
        state.removed(key);
        FeatureDocument feature = documents.remove(key);
        return () -> configurations.remove(Claim.FEATURE + key, feature);
    }

    Set<String> keys() {
        return new TreeSet<>(documents.keySet());
    }

    boolean has(String key) {
        return documents.containsKey(key);
    }

    Optional<FeatureDocument> document(String key) {
        return Optional.ofNullable(documents.get(key));
    }

    DeployState.GoodFeature good(String key) {
        return state.features().get(key);
    }

    /** Whether a feature is installed from a document of this hash. */
    boolean holds(String key, String hash) {
        return has(key) && good(key).hash().equals(hash);
    }

    /** The keys of the features of that name. */
    Set<String> named(String name) {
        return documents.entrySet().stream()
                .filter(each -> each.getValue().name().equals(name))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Deletes the copies of documents that nobody needs any more. */
    void sweep() throws IOException {
        store.keep(state.features().values().stream()
                .map(DeployState.GoodFeature::hash)
                .collect(Collectors.toSet()));
    }
}
