package forge.ai.api.llm;

import forge.ai.api.ErrorDetails;
import forge.ai.api.UnsupportedException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One source of language models, such as a vendor's account or a server in the house. Publish it as a service with the
 * property {@link #NAME}.
 *
 * <p>{@link #chat} and {@link #models} are all that is needed; the rest has defaults. Requests arrive with the model's
 * name as this provider knows it. Methods are called from many threads, block, and throw the errors of
 * {@link forge.ai.api}; a call ends early when its thread is interrupted, a stream when it is closed. When several
 * services share a name, calls go to the one with the highest ranking, of equals the newest: that is how a provider is
 * replaced while it serves.
 */
@ConsumerType
public interface LlmProvider {

    /** Service property: the name that goes before the slash in {@code provider/model}; letters, digits, {@code . _ -}. */
    String NAME = "forge.ai.provider.name";

    /**
     * Service property, which may be left out: another value after each change of the provider's configuration. What was
     * known of it, such as that it fails or what it answered, does not count any more then.
     */
    String CHANGES = "forge.ai.provider.changes";

    /** The models that can be asked for now. */
    List<LlmModel> models();

    /** Answers a conversation as a whole. */
    Completion chat(ChatRequest request);

    /** Answers a conversation piece by piece; by default the whole answer of {@link #chat}, in one piece each. */
    default CompletionStream streamChat(ChatRequest request) {
        return CompletionStream.of(chat(request));
    }

    /** Continues a text. */
    default Completion complete(CompletionRequest request) {
        throw new UnsupportedException("this provider has no plain completions", ErrorDetails.NONE);
    }

    /** Continues a text piece by piece; by default the whole answer of {@link #complete}. */
    default CompletionStream streamCompletion(CompletionRequest request) {
        return CompletionStream.of(complete(request));
    }

    /** Turns texts into vectors, one for each, in order. */
    default Embeddings embed(EmbeddingRequest request) {
        throw new UnsupportedException("this provider has no embeddings", ErrorDetails.NONE);
    }

    /**
     * How much one call of {@link #embed} may hold for a model: a larger one is split before it comes here, and its parts
     * may come at the same time.
     */
    default EmbeddingLimits embeddingLimits(String model) {
        return EmbeddingLimits.NONE;
    }

    /** How many tokens the input of a conversation has; costs no tokens. */
    default TokenCount countTokens(ChatRequest request) {
        throw new UnsupportedException("this provider does not count tokens", ErrorDetails.NONE);
    }

    /**
     * Whether a request that came in this dialect is sent on as it came ({@link ChatRequest#wire}); answers then hold
     * what came back.
     *
     * @param dialect such as {@link Wire#OPENAI_CHAT}
     */
    default boolean passesThrough(String dialect) {
        return false;
    }

    /** Returns if the provider can serve, throws what keeps it from it otherwise; costs no tokens. */
    default void probe() {
        models();
    }
}
