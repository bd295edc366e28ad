package forge.ai.api.conversation;

import forge.ai.api.llm.Message;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A step of a conversation: what was said in it, and the turn that it follows. Several turns may follow the same one.
 *
 * @param id its own, unique among all turns: letters, digits, {@code . _ -}, at most 128
 * @param conversation the name of the conversation that it belongs to, or empty where turns are known by their ids alone
 * @param previous the id of the turn that it follows, or empty for the first
 * @param messages what this turn adds, oldest first: what was asked and what was answered
 * @param attributes what else whoever keeps the turn wants back with it: names and texts
 * @param created when it was kept
 */
public record Turn(
        String id,
        String conversation,
        String previous,
        List<Message> messages,
        Map<String, String> attributes,
        Instant created) {

    public Turn {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(conversation, "conversation");
        Objects.requireNonNull(previous, "previous");
        messages = List.copyOf(messages);
        attributes = Map.copyOf(attributes);
        Objects.requireNonNull(created, "created");
    }

    /** A turn known by its id, which follows another or, with an empty {@code previous}, none. */
    public static Turn of(String id, String previous, List<Message> messages) {
        return new Turn(id, "", previous, messages, Map.of(), Instant.now());
    }

    public Turn withConversation(String value) {
        return new Turn(id, value, previous, messages, attributes, created);
    }

    public Turn withAttributes(Map<String, String> value) {
        return new Turn(id, conversation, previous, messages, value, created);
    }

    /** What was said is private: no part of it is shown. */
    @Override
    public String toString() {
        return "Turn[" + id + ", conversation=" + conversation + ", previous=" + previous + ", " + messages.size()
                + " messages, " + created + "]";
    }
}
