package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Message.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a connection remembers of its last response, so that the next one can follow it although it is not kept. Bounded
 * by what a client may send: what it has said on the connection and been answered, since the first response that did not
 * follow another. Used by one thread at a time.
 */
final class LastResponse {

    private final boolean connected;
    private String id = "";
    private List<Message> messages = List.of();
    private Optional<List<JsonNode>> items = Optional.empty();

    private LastResponse(boolean connected) {
        this.connected = connected;
    }

    /** For a connection on which another request may follow. */
    static LastResponse ofConnection() {
        return new LastResponse(true);
    }

    /** For a request of its own. */
    static LastResponse unconnected() {
        return new LastResponse(false);
    }

    /** Whether another request may follow on the same connection. */
    boolean connected() {
        return connected;
    }

    /** The conversation as items on the wire, if it passed through from its first response on. */
    Optional<List<JsonNode>> items() {
        return items;
    }

    /** Whether it is the one with this id. */
    boolean is(String wanted) {
        return !wanted.isEmpty() && wanted.equals(id);
    }

    /** The conversation with what was said before it. */
    ChatRequest resume(ChatRequest chat) {
        List<Message> all = new ArrayList<>();
        List<Message> own = chat.messages();
        int instructions = !own.isEmpty() && own.getFirst().role() == Role.SYSTEM ? 1 : 0;
        all.addAll(own.subList(0, instructions));
        all.addAll(messages);
        all.addAll(own.subList(instructions, own.size()));
        return chat.withMessages(all);
    }

    /**
     * Remembers a response in place of the last one.
     *
     * @param passed the whole conversation as items, if it passed through
     */
    void set(String next, String previous, List<Message> said, List<Content> answer, Optional<List<JsonNode>> passed) {
        List<Message> all = new ArrayList<>(is(previous) ? messages : List.of());
        all.addAll(said);
        if (!answer.isEmpty()) {
            all.add(new Message(Role.ASSISTANT, answer));
        }
        messages = all;
        items = passed;
        id = next;
    }
}
