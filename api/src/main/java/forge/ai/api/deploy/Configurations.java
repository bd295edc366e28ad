package forge.ai.api.deploy;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The configurations in force, and changing them by call: the {@code .cfg.json} files of the {@code conf} folder are
 * written, so that a change survives a restart.
 */
@ProviderType
public interface Configurations {

    /** The PIDs that have a configuration, sorted; {@code factory~name} for an instance of a factory. */
    List<String> pids();

    /**
     * The values of a configuration as they were written: {@code $[env:NAME]} and {@code $[secret:NAME]} stand as they
     * are, and a secret written in the clear reads {@code ***}.
     *
     * @throws forge.ai.api.NotFoundException if there is no configuration of that PID
     */
    Map<String, Object> values(String pid);

    /**
     * Changes some values and leaves the others as they are; returns once they are in force.
     *
     * @param pid of the configuration, which need not exist yet
     * @param changes new values by key: strings, numbers, booleans, or lists of them. A string is converted to the type
     *     that the bundle declares for the key; an empty string takes the key out, so that its default holds
     * @throws forge.ai.api.InvalidRequestException if a key or a value is refused; the message says what is allowed,
     *     and nothing has changed
     */
    Deployment set(String pid, Map<String, Object> changes);

    /**
     * Deletes the file of a configuration, so that what a feature gives holds, or the defaults.
     *
     * @throws forge.ai.api.NotFoundException if the {@code conf} folder has no file for that PID
     */
    void remove(String pid);
}
