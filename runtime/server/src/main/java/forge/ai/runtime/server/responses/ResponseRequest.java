package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Message;
import java.util.List;
import java.util.Optional;

/**
 * A request for a response.
 *
 * @param body as it came, for what the response repeats of it
 * @param chat the conversation without what came before this turn
 * @param said what this turn adds to the conversation: the input without the instructions
 * @param stream whether the response is wanted event by event
 * @param store whether the response is to be kept; empty if nothing is said, which means that it is, where it can be
 * @param previous the id of the response that this one follows, or empty
 * @param encryptedThoughts whether thoughts are to come with what a later turn needs to hand them back
 * @param generate whether there is to be an answer; else the next request finds what was said here
 */
record ResponseRequest(
        JsonNode body,
        ChatRequest chat,
        List<Message> said,
        boolean stream,
        Optional<Boolean> store,
        String previous,
        boolean encryptedThoughts,
        boolean generate) {

    ResponseRequest {
        said = List.copyOf(said);
    }
}
