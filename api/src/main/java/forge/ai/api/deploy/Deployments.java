package forge.ai.api.deploy;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What was put into the running runtime through its {@code deploy} and {@code conf} folders, and the same by call.
 *
 * <p>The service is there once everything that lay in the folders at start has been taken in.
 */
@ProviderType
public interface Deployments {

    /** Everything deployed, by kind and then name; what belongs to the distribution is not in it. */
    List<Deployment> list();

    /**
     * Copies a bundle ({@code .jar}) or a feature ({@code .json}) into the {@code deploy} folder and returns once it is
     * in force, or will be at the next start. A version that serves already is replaced without losing a call.
     *
     * @throws forge.ai.api.NotFoundException if there is no such file
     * @throws forge.ai.api.InvalidRequestException if it is refused; the message says why, nothing that runs has
     *     changed, and the file is not in the folder
     */
    Deployment install(Path artifact);

    /**
     * Installs a feature that came with the distribution, and returns once it is in force.
     *
     * @param name of the feature, without folder and ending; {@link #features()} names those there are
     * @throws forge.ai.api.NotFoundException if the distribution has no such feature
     * @throws forge.ai.api.InvalidRequestException if it cannot be installed; everything is as before
     */
    Deployment installFeature(String name);

    /** The names of the features that came with the distribution, installed or not, sorted. */
    List<String> features();

    /**
     * Takes a deployed bundle or feature out, with its file in the {@code deploy} folder; what the distribution has in
     * its place comes back.
     *
     * @param name as {@link #list()} gives it
     * @throws forge.ai.api.NotFoundException if no bundle or feature of that name was deployed
     */
    void remove(String name);
}
