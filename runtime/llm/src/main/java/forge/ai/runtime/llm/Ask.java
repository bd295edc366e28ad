package forge.ai.runtime.llm;

import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import forge.ai.api.monitoring.Span;
import java.time.Duration;
import java.util.Optional;

/** A request, ready to be put to any provider. */
@FunctionalInterface
interface Ask<T> {

    /**
     * Puts it.
     *
     * @param model the model's name at that provider
     * @param limit how long the answer may take
     * @param span of which trace the attempt is a part
     */
    T of(LlmProvider provider, String model, Duration limit, Span span);

    /** What parts of an answer took that have come since this was last asked; empty where answers come whole. */
    default Optional<Usage> taken() {
        return Optional.empty();
    }
}
