package forge.ai.runtime.server.ollama;

import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Message.Role;
import forge.ai.runtime.server.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the messages of a chat. Calls of tools need no id here, and their results name the tool; the ids that others need
 * are made of their places, and a result belongs to the first call of its tool that has none yet.
 */
final class MessageReader {

    private final List<Message> messages = new ArrayList<>();
    private final List<Content.ToolCall> open = new ArrayList<>();
    private int calls;

    private MessageReader() {}

    static List<Message> read(Fields body) {
        MessageReader reader = new MessageReader();
        body.objects("messages").forEach(reader::add);
        return reader.messages;
    }

    private void add(Fields message) {
        switch (message.required("role")) {
            case "system" -> messages.add(new Message(Role.SYSTEM, said(message)));
            case "user" -> messages.add(new Message(Role.USER, said(message)));
            case "assistant" -> messages.add(new Message(Role.ASSISTANT, assistant(message)));
            case "tool" -> result(message);
            default -> throw message.wrong("role", "system, user, assistant or tool");
        }
    }

    private static List<Content> said(Fields message) {
        List<Content> content = new ArrayList<>();
        message.text("content").filter(text -> !text.isEmpty()).ifPresent(text -> content.add(new Content.Text(text)));
        content.addAll(Pictures.read(message));
        return content;
    }

    private List<Content> assistant(Fields message) {
        List<Content> content = new ArrayList<>();
        message.text("thinking")
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> content.add(Content.Thinking.of(text)));
        content.addAll(said(message));
        if (message.has("tool_calls")) {
            open.clear();
            for (Fields call : message.objects("tool_calls")) {
                Fields function = call.object("function");
                Content.ToolCall read = new Content.ToolCall(
                        call.text("id").filter(id -> !id.isEmpty()).orElse("call_" + calls),
                        function.required("name"),
                        function.has("arguments")
                                ? function.object("arguments").node().toString()
                                : "{}");
                calls++;
                open.add(read);
                content.add(read);
            }
        }
        return content;
    }

    private void result(Fields message) {
        Content.ToolResult result = new Content.ToolResult(id(message), said(message), false);
        List<Content> results = new ArrayList<>();
        if (!messages.isEmpty() && messages.getLast().role() == Role.TOOL) {
            results.addAll(messages.removeLast().content());
        }
        results.add(result);
        messages.add(new Message(Role.TOOL, results));
    }

    private String id(Fields message) {
        Optional<String> id = message.text("tool_call_id").filter(text -> !text.isEmpty());
        String name = message.text("tool_name").or(() -> message.text("name")).orElse("");
        Optional<Content.ToolCall> call = open.stream()
                .filter(c ->
                        id.map(c.id()::equals).orElse(name.isEmpty() || c.name().equals(name)))
                .findFirst();
        call.ifPresent(open::remove);
        return call.map(Content.ToolCall::id)
                .or(() -> id)
                .orElseThrow(
                        () -> message.wrong("tool_name", "the name of a tool that was called and has no result yet"));
    }
}
