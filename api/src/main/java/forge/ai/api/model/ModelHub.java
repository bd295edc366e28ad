package forge.ai.api.model;

import forge.ai.api.llm.PullProgress;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where models can be had that are not in the repository yet. Publish it as a service with the property {@link #SCHEME}.
 *
 * <p>Methods are called from several threads, block, end early when their thread is interrupted, and throw the errors of
 * {@link forge.ai.api}.
 */
@ConsumerType
public interface ModelHub {

    /** Service property: what stands before the colon where people name a model of this hub, such as {@code hf}. */
    String SCHEME = "forge.ai.hub.scheme";

    /**
     * Brings a model into the repository of the {@link ModelRegistry}, as the next version of its name; it is there as a
     * whole or not at all. What has come of a pull that ended early is kept, and the next one goes on from there. Where
     * the newest version is already what the hub has, nothing is done.
     *
     * @param listener is told how far it is, in the thread of the caller; an exception of its ends the pull and is thrown
     * @throws forge.ai.api.NotFoundException if the hub has no such model, revision or variant
     * @throws forge.ai.api.AuthenticationException if the hub wants a token, or does not know the one that it got
     * @throws forge.ai.api.PermissionException if the token may not have this model
     * @throws forge.ai.api.UnsupportedException if the model has no files that a backend could load; the message names
     *     those looked for
     * @throws forge.ai.api.ResourceExhaustedException if it is larger than allowed, or than there is room
     * @throws forge.ai.api.ProtocolException if what came is not what the hub says it is
     * @throws forge.ai.api.CancelledException if the thread was interrupted
     */
    PulledModel pull(HubPull pull, Consumer<PullProgress> listener);
}
