package forge.ai.api.deploy;

import java.time.Instant;
import java.util.Objects;

/**
 * What became of one bundle, feature or configuration.
 *
 * <p>A name can occur twice: the version that serves and a newer one that was refused.
 *
 * @param name the symbolic name of a bundle, {@code group:artifact} of a feature with {@code :classifier} where its id
 *     has one, the PID of a configuration; the name of the file where it could not be read
 * @param version the version of a bundle or a feature; empty for a configuration and where it could not be read
 * @param kind what it is
 * @param state where it stands
 * @param reason why, in one line for people; empty while all is well
 * @param since when it came into this state
 */
public record Deployment(
        String name, String version, DeploymentKind kind, DeploymentState state, String reason, Instant since) {

    public Deployment {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
    }
}
