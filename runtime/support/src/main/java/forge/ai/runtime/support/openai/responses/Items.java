package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads the items of an output. What has no form of ours, such as the vendor's own tools, stays as it stands. */
final class Items {

    private Items() {}

    static List<Content> read(JsonNode item, UpstreamErrors errors, HttpAnswer answer) {
        return switch (Json.text(item, "type")) {
            case "message" -> message(item);
            case "reasoning" -> Thoughts.of(item).stream().toList();
            case "function_call" -> List.of(call(item, errors, answer));
            default -> List.of(extension(item));
        };
    }

    private static List<Content> message(JsonNode item) {
        List<Content> said = new ArrayList<>();
        for (JsonNode part : item.path("content")) {
            Content content = part(part);
            boolean empty = content instanceof Content.Text text && text.text().isEmpty();
            if (!empty) {
                said.add(content);
            }
        }
        return said;
    }

    /** A part of a message. */
    static Content part(JsonNode part) {
        return switch (Json.text(part, "type")) {
            case "output_text" -> new Content.Text(Json.text(part, "text"));
            case "refusal" -> new Content.Refusal(Json.text(part, "refusal"));
            default -> extension(part);
        };
    }

    static Content extension(JsonNode item) {
        return new Content.Extension("openai", item.toString());
    }

    static Content.ToolCall call(JsonNode item, UpstreamErrors errors, HttpAnswer answer) {
        String id = Json.text(item, "call_id");
        String name = Json.text(item, "name");
        if (id.isEmpty() || name.isEmpty()) {
            throw errors.protocol("a tool call without a name or an id", answer);
        }
        String arguments = Json.text(item, "arguments");
        return new Content.ToolCall(id, name, arguments.isEmpty() ? "{}" : arguments);
    }
}
