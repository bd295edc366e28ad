package forge.ai.runtime.conversations;

import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The messages of a conversation, cut where something can be left out: into exchanges, each from a message of the user up
 * to the next one. What the system says belongs to none of them and always stays.
 */
final class Exchanges {

    private static final int NONE = -1;

    private record Placed(Message message, int exchange) {}

    private final List<Placed> messages = new ArrayList<>();
    private int count;

    /** @param own how many messages at the end have to stay together */
    Exchanges(List<Message> all, int own) {
        int kept = all.size() - own;
        for (int i = 0; i < all.size(); i++) {
            Message message = all.get(i);
            boolean system = message.role() == Message.Role.SYSTEM;
            if (!system && (count == 0 || i <= kept && message.role() == Message.Role.USER)) {
                count++;
            }
            messages.add(new Placed(message, system ? NONE : count - 1));
        }
    }

    int count() {
        return count;
    }

    /** What is left without the first exchanges, and without the results of tools whose calls are gone. */
    List<Message> from(int first) {
        List<Message> left = new ArrayList<>();
        Set<String> called = new HashSet<>();
        for (Placed placed : messages) {
            Message message = placed.message();
            boolean stays = placed.exchange() == NONE || placed.exchange() >= first;
            if (stays && message.content().stream().allMatch(c -> known(c, called))) {
                left.add(message);
            }
        }
        return left;
    }

    /** Notes calls; false for a result without one. */
    private static boolean known(Content content, Set<String> called) {
        return switch (content) {
            case Content.ToolCall call -> called.add(call.id()) || true;
            case Content.ToolResult result -> called.contains(result.id());
            default -> true;
        };
    }
}
