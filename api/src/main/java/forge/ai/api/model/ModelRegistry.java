package forge.ai.api.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The models of the repository: their versions, labels and states, and the loaded models to compute with. */
@ProviderType
public interface ModelRegistry {

    /**
     * The folder that holds a folder for each model. What comes into a model's folder by a rename is complete at once;
     * names that begin with a dot are left alone, so that tools can get something ready beside the models.
     */
    Path repository();

    /** Every version of every model, by name and then version. */
    List<ModelStatus> models();

    /**
     * The status of one version, ready or not.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model or version; the message names those there are
     */
    ModelStatus model(String name, VersionSelector version);

    /**
     * Takes hold of a loaded model: it stays open until the lease is closed, also if it is replaced or unloaded
     * meanwhile. While a replacement is under way this waits, at most two seconds.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model or version
     * @throws forge.ai.api.UnavailableException if it is there but not ready; the message says why
     */
    ModelLease acquire(String name, VersionSelector version);

    /**
     * Loads a model, or the versions that its policy asks for, and returns once they are ready.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model
     * @throws forge.ai.api.ForgeException what the backend says if it cannot be loaded
     */
    void load(String name);

    /**
     * Unloads all versions of a model and keeps it unloaded until {@link #load} or a change of its files; returns once
     * calls in flight are through.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model
     */
    void unload(String name);

    /**
     * Puts a label on a version, taking it off another one; kept across restarts.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model or version
     */
    void label(String name, String label, long version);

    /**
     * The settings of a model that are in force: those of its {@code config.json}, with labels, traffic and shadow as
     * they were changed by call.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model
     */
    ModelConfig config(String name);

    /**
     * Shares out the requests that name no version; kept across restarts until {@code config.json} says something else
     * than it says now. A version that is not ready gets none.
     *
     * @param weights see {@link Serving#traffic()}; empty ends the split
     * @throws forge.ai.api.NotFoundException if there is no such model, version or label
     * @throws forge.ai.api.InvalidRequestException if a weight is negative, or none is positive
     */
    void traffic(String name, Map<String, Integer> weights);

    /**
     * Has a version compute a share of the requests too; kept like {@link #traffic}.
     *
     * @param shadow {@link Shadow#NONE} ends it
     * @throws forge.ai.api.NotFoundException if there is no such model, version or label
     */
    void shadow(String name, Shadow shadow);

    /**
     * Sets how many instances of a version there should be, within the limits of {@link Serving#instances()}; does not
     * wait for them, and is forgotten when the version is unloaded. More are not made where memory lacks.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model or version
     */
    void scale(String name, long version, int instances);
}
