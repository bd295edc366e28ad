package forge.ai.runtime.server.openai;

import forge.ai.runtime.server.FreshId;
import java.time.Instant;

/**
 * What every piece of an answer repeats.
 *
 * @param id of the answer
 * @param created in seconds since 1970
 * @param model that answers
 */
record Answer(String id, long created, String model) {

    /**
     * @param prefix begins the id where the vendor gave none
     * @param id the vendor's, or empty
     * @param model in the provider's words, or empty
     * @param asked the model that was asked for
     */
    static Answer of(String prefix, String id, String model, String asked) {
        return new Answer(
                id.isEmpty() ? FreshId.of(prefix) : id,
                Instant.now().getEpochSecond(),
                model.isEmpty() ? asked : model);
    }
}
