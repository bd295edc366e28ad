package forge.ai.api.model;

import org.osgi.annotation.versioning.ProviderType;

/** A hold on a loaded model; close it soon, for replacing and unloading wait for it. */
@ProviderType
public interface ModelLease extends AutoCloseable {

    LoadedModel model();

    ModelStatus status();

    ModelConfig config();

    /** Whether the model gets no more calls, because it is being replaced or unloaded; so it should be let go soon. */
    default boolean leaving() {
        return false;
    }

    /** Lets go; a second call does nothing. */
    @Override
    void close();
}
