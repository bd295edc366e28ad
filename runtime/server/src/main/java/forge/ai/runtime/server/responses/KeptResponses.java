package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.conversation.Conversations;
import forge.ai.api.conversation.Turn;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Message;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.lease.Lease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
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
    private static final String INPUT = "openai.input";

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

    /** The conversation up to a response as items on the wire; empty if not all of it passed through and is kept. */
    Optional<List<JsonNode>> items(String last, Caller caller) {
        Deque<JsonNode> items = new ArrayDeque<>();
        try (Lease<Conversations> lease = services.requireConversations()) {
            String id = last;
            while (!id.isEmpty()) {
                Optional<Turn> turn = own(lease.service(), id, caller)
                        .filter(t -> t.attributes().containsKey(INPUT));
                if (turn.isEmpty()) {
                    return Optional.empty();
                }
                Map<String, String> kept = turn.get().attributes();
                WireItems.answered(Json.read(kept.get(DOCUMENT))).reversed().forEach(items::addFirst);
                List<JsonNode> said = new ArrayList<>();
                Json.read(kept.get(INPUT)).forEach(said::add);
                said.reversed().forEach(items::addFirst);
                id = turn.get().previous();
            }
            return Optional.of(List.copyOf(items));
        } catch (IOException e) {
            throw new InternalException("the response " + last + " cannot be read any more");
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
     * @param passed whether the whole conversation passed through
     * @return false if that was not possible, which the response then says
     */
    boolean keep(ResponseRequest request, Answered answer, boolean passed, Caller caller) {
        List<Message> messages = new ArrayList<>(request.said());
        messages.add(new Message(Message.Role.ASSISTANT, answer.content()));
        Map<String, String> attributes = new HashMap<>();
        attributes.put(OWNER, caller.name());
        attributes.put(DOCUMENT, answer.document());
        if (passed) {
            attributes.put(
                    INPUT,
                    JsonNodeFactory.instance
                            .arrayNode()
                            .addAll(WireItems.said(request))
                            .toString());
        }
        try (Lease<Conversations> lease = services.requireConversations()) {
            lease.service().append(new Turn(answer.id(), "", request.previous(), messages, attributes, Instant.now()));
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
