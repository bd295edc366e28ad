package forge.ai.api.llm;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one front of all providers. A request's model is {@code provider/model}, or the name of a configured route.
 *
 * <p>Every answer says in its {@link Attribution} who gave it, and every error in its
 * {@link forge.ai.api.ErrorDetails#attribution}.
 */
@ProviderType
public interface LlmService {

    /**
     * This service in the name of a caller, whose limits and budget hold then and who stands in the ledger. Calls made
     * here directly are {@link Caller#ANONYMOUS}. It may be kept as long as this service.
     */
    LlmService as(Caller caller);

    /**
     * Answers a conversation as a whole; interrupting the thread gives the call up.
     *
     * @throws forge.ai.api.NotFoundException if no provider or route has that name
     * @throws forge.ai.api.ForgeException what the last attempt ended with
     */
    Completion chat(ChatRequest request);

    /**
     * Answers a conversation piece by piece. Returns before the first piece is there; close the stream in any case.
     *
     * @throws forge.ai.api.ForgeException as {@link #chat}; later failures are thrown by the stream
     */
    CompletionStream streamChat(ChatRequest request);

    /** Continues a text; otherwise as {@link #chat}. */
    Completion complete(CompletionRequest request);

    /** Continues a text piece by piece; otherwise as {@link #streamChat}. */
    CompletionStream streamCompletion(CompletionRequest request);

    /**
     * Turns texts into vectors, in order, all with the same model; otherwise as {@link #chat}. What is more than the
     * provider takes at once is asked for in parts; if some of them fail, so does the call, with the places of their
     * texts in {@link forge.ai.api.ErrorDetails#parameter}, as in {@code input[2048-4095]}.
     */
    Embeddings embed(EmbeddingRequest request);

    /** How many tokens the input of a conversation has; estimated where the provider does not count. */
    TokenCount countTokens(ChatRequest request);

    /** Every route by its name and every model as {@code provider/model}; a provider that does not answer is left out. */
    List<LlmModel> models();

    /** The providers that are there now, by name. */
    List<ProviderStatus> providers();

    /** The configured routes, by name. */
    List<Route> routes();
}
