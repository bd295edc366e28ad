package forge.ai.api.model;

import forge.ai.api.InvalidRequestException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is wanted of a {@link ModelHub}.
 *
 * @param repository the hub's name of the model, {@code OWNER/MODEL}
 * @param revision a branch, tag or commit, or empty for the main one
 * @param name of the model here, or empty for the hub's without its owner
 * @param variant which of several forms of the network, such as {@code fp16} or {@code quantized}, or empty for the plain
 *     one
 * @param backend for the model's {@code config.json}, or empty to let the hub find out
 */
public record HubPull(String repository, String revision, String name, String variant, String backend) {

    private static final Pattern REPOSITORY = Pattern.compile("[\\w.-]+(/[\\w.-]+)?");
    private static final Pattern REVISION = Pattern.compile("[\\w./-]*");

    /** @throws InvalidRequestException if repository or revision are not what a hub could have */
    public HubPull {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(backend, "backend");
        boolean named = REPOSITORY.matcher(repository).matches()
                && REVISION.matcher(revision).matches();
        if (!named || repository.contains("..") || revision.contains("..")) {
            throw new InvalidRequestException("expected OWNER/MODEL or OWNER/MODEL@REVISION of a hub, not '"
                    + repository + (revision.isEmpty() ? "" : "@" + revision) + "'");
        }
    }

    /**
     * Reads {@code OWNER/MODEL[@REVISION]}.
     *
     * @throws InvalidRequestException if it is something else
     */
    public static HubPull of(String reference) {
        int at = reference.indexOf('@');
        String repository = at < 0 ? reference : reference.substring(0, at);
        return new HubPull(repository, at < 0 ? "" : reference.substring(at + 1), "", "", "");
    }

    public HubPull withName(String value) {
        return new HubPull(repository, revision, value, variant, backend);
    }

    public HubPull withVariant(String value) {
        return new HubPull(repository, revision, name, value, backend);
    }

    public HubPull withBackend(String value) {
        return new HubPull(repository, revision, name, variant, value);
    }
}
