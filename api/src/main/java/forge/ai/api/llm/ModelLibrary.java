package forge.ai.api.llm;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The store of models behind a provider, where it can be looked into and changed. A provider that has one publishes it
 * as a second service, with the same {@link LlmProvider#NAME} and the same ranking as its {@link LlmProvider}; most
 * providers have none.
 *
 * <p>Models go by the name that the provider knows them by, without its own before it. Methods are called from many
 * threads, block, end early when their thread is interrupted, and throw the errors of {@link forge.ai.api}.
 */
@ConsumerType
public interface ModelLibrary {

    /**
     * What is known about a model that is there; it is not loaded for this.
     *
     * @throws forge.ai.api.NotFoundException if it is not there
     */
    ModelCard show(String model);

    /**
     * Gets a model from where the store gets its models from, or the newest state of one that is there; returns once it
     * can be asked for. What has come of a pull that ended early is kept by most stores, so that the next one goes on.
     *
     * @param listener is told how far it is, in the thread of the caller, one after the other; an exception of its ends
     *     the pull and is thrown
     * @throws forge.ai.api.NotFoundException if there is no such model
     * @throws forge.ai.api.CancelledException if the thread was interrupted
     */
    void pull(String model, Consumer<PullProgress> listener);

    /**
     * Removes a model for good; calls of it that are on their way end as the store likes.
     *
     * @throws forge.ai.api.NotFoundException if it is not there
     */
    void delete(String model);
}
