package forge.ai.runtime.llm;

import forge.ai.api.llm.LlmProvider;
import java.time.Duration;

/** A request, ready to be put to any provider. */
@FunctionalInterface
interface Ask<T> {

    /**
     * Puts it.
     *
     * @param model the model's name at that provider
     * @param limit how long the answer may take
     */
    T of(LlmProvider provider, String model, Duration limit);
}
