package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads the assistant's message of a whole answer. */
final class MessageReader {

    private MessageReader() {}

    static List<Content> read(JsonNode message, UpstreamErrors errors, HttpAnswer answer) {
        List<Content> content = new ArrayList<>();
        String thinking = Answers.thinking(message);
        if (!thinking.isEmpty()) {
            content.add(Content.Thinking.of(thinking));
        }
        Json.present(message, "content").ifPresent(said -> said(said, content));
        Json.present(message, "refusal").ifPresent(refusal -> content.add(new Content.Refusal(refusal.asText())));
        int number = 0;
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            if (Json.text(function, "name").isEmpty()) {
                throw errors.protocol("a tool call without a name", answer);
            }
            content.add(call(call, function, number++));
        }
        return content;
    }

    private static void said(JsonNode said, List<Content> content) {
        if (said.isTextual()) {
            content.add(new Content.Text(said.textValue()));
            return;
        }
        said.forEach(part -> content.add(
                Json.text(part, "type").equals("text")
                        ? new Content.Text(Json.text(part, "text"))
                        : new Content.Extension("openai", part.toString())));
    }

    private static Content call(JsonNode call, JsonNode function, int number) {
        String id = Json.text(call, "id");
        JsonNode arguments = function.path("arguments");
        String text = arguments.isContainerNode() ? arguments.toString() : Json.text(function, "arguments");
        return new Content.ToolCall(
                id.isEmpty() ? "call_" + number : id, Json.text(function, "name"), text.isEmpty() ? "{}" : text);
    }
}
