package forge.ai.runtime.server.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Message.Role;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.support.anthropic.BlockReader;
import java.util.ArrayList;
import java.util.List;

/** Reads the system prompt and the messages. Results of tools become messages of their own. */
final class MessageReader {

    private MessageReader() {}

    static List<Message> read(Fields body) {
        List<Message> messages = new ArrayList<>();
        if (body.has("system")) {
            List<Content> system = content(body, "system");
            if (!system.isEmpty()) {
                messages.add(new Message(Role.SYSTEM, system));
            }
        }
        List<Fields> said = body.objects("messages");
        if (said.isEmpty()) {
            throw body.wrong("messages", "an array with at least one message");
        }
        for (Fields message : said) {
            List<Content> content = content(message, "content");
            switch (message.required("role")) {
                case "user" -> user(content, messages);
                case "assistant" -> messages.add(new Message(Role.ASSISTANT, content));
                case "system" -> messages.add(new Message(Role.SYSTEM, content));
                default -> throw message.wrong("role", "user, assistant or system");
            }
        }
        return messages;
    }

    private static List<Content> content(Fields at, String name) {
        JsonNode content = at.get(name)
                .filter(c -> c.isTextual() || c.isArray())
                .orElseThrow(() -> at.wrong(name, "a string or an array of blocks"));
        return new BlockReader(what -> at.invalid(name, what)).content(content);
    }

    /** What the user says and what tools gave stand in one message there. A cache point belongs to what is before it. */
    private static void user(List<Content> content, List<Message> messages) {
        List<Content> run = new ArrayList<>();
        Role role = Role.USER;
        for (Content piece : content) {
            Role next = switch (piece) {
                case Content.ToolResult result -> Role.TOOL;
                case Content.CachePoint point -> role;
                default -> Role.USER;
            };
            if (next != role) {
                flush(role, run, messages);
                role = next;
            }
            run.add(piece);
        }
        if (content.isEmpty()) {
            messages.add(new Message(Role.USER, List.of()));
        }
        flush(role, run, messages);
    }

    private static void flush(Role role, List<Content> run, List<Message> messages) {
        if (!run.isEmpty()) {
            messages.add(new Message(role, run));
            run.clear();
        }
    }
}
