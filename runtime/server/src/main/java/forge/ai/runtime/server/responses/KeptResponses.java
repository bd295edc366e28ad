package forge.ai.runtime.server.responses;

import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.conversation.Conversations;
import forge.ai.api.conversation.Turn;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.lease.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responses that are kept, each as a turn of a conversation. A caller sees its own alone. */
final class KeptResponses {

    private static final Logger LOG = LoggerFactory.getLogger(KeptResponses.class);
    private static final String DOCUMENT = "openai.response";
    private static final String OWNER = "owner";

    private final Services services;

    KeptResponses(Services services) {
        this.services = services;
    }

    /** Whether there is a place to keep them. */
    boolean possible() {
        return services.conversations()
                .map(lease -> {
                    lease.close();
                    return true;
                })
                .orElse(false);
    }

    /**
     * The conversation with what was said before it.
     *
     * @throws InvalidRequestException if the response that it follows is not kept
     */
    ChatRequest resume(String previous, ChatRequest chat, Caller caller) {
        try (Lease<Conversations> lease = services.requireConversations()) {
            own(lease.service(), previous, caller).orElseThrow(() -> missing(previous));
            return lease.service().resume(previous, chat);
        } catch (NotFoundException e) {
            throw missing(previous);
        }
    }

    static ForgeException missing(String previous) {
        return new InvalidRequestException(
                "the response " + previous + " is not kept; send what was said before it as input",
                ErrorDetails.NONE.withParameter("previous_response_id"));
    }

    /**
     * Keeps a response.
     *
     * @param said what the turn adds, the answer not among it
     * @return false if that was not possible, which the response then says
     */
    boolean keep(String id, String previous, List<Message> said, List<Content> answer, byte[] document, Caller caller) {
        List<Message> messages = new ArrayList<>(said);
        messages.add(new Message(Message.Role.ASSISTANT, answer));
        Map<String, String> attributes =
                Map.of(OWNER, caller.name(), DOCUMENT, new String(document, StandardCharsets.UTF_8));
        try (Lease<Conversations> lease = services.requireConversations()) {
            lease.service().append(new Turn(id, "", previous, messages, attributes, Instant.now()));
            return true;
        } catch (ForgeException e) {
            LOG.warn("a response of {} could not be kept: {}", caller.name(), e.toString());
            return false;
        }
    }

    /** The document of a response. */
    byte[] get(String id, Caller caller) {
        try (Lease<Conversations> lease = services.requireConversations()) {
            return own(lease.service(), id, caller)
                    .map(turn -> turn.attributes().get(DOCUMENT).getBytes(StandardCharsets.UTF_8))
                    .orElseThrow(() -> unknown(id));
        }
    }

    void delete(String id, Caller caller) {
        try (Lease<Conversations> lease = services.requireConversations()) {
            own(lease.service(), id, caller).orElseThrow(() -> unknown(id));
            lease.service().delete(id);
        }
    }

    private static Optional<Turn> own(Conversations conversations, String id, Caller caller) {
        return conversations
                .turn(id)
                .filter(turn -> turn.attributes().containsKey(DOCUMENT))
                .filter(turn -> caller.name().equals(turn.attributes().get(OWNER)));
    }

    private static ForgeException unknown(String id) {
        return new NotFoundException(
                "the response " + id + " is not kept", ErrorDetails.NONE.withParameter("response_id"));
    }
}
