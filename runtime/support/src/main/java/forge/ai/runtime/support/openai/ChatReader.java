package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.VendorError;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads whole answers. */
final class ChatReader {

    private ChatReader() {}

    /** The JSON of an answer of success. */
    static JsonNode json(HttpAnswer answer, UpstreamErrors errors) {
        if (!answer.successful()) {
            throw errors.status(answer);
        }
        JsonNode node;
        try {
            node = Json.read(answer.body());
        } catch (IOException e) {
            throw errors.protocol("expected JSON, got something unreadable of type " + answer.mediaType(), answer);
        }
        Optional<VendorError> error = VendorError.in(node);
        if (error.isPresent()) {
            throw errors.vendor(error.get(), answer);
        }
        return node;
    }

    static Completion read(HttpAnswer answer, UpstreamErrors errors) {
        JsonNode root = json(answer, errors);
        JsonNode choices = root.path("choices");
        JsonNode message = choices.path(0).path("message");
        if (!message.isObject()) {
            throw errors.protocol("an answer without a choice", answer);
        }
        JsonNode choice = choices.get(0);
        String reason = Json.text(choice, "finish_reason");
        if (reason.isEmpty()) {
            throw errors.protocol("an answer without a finish reason", answer);
        }
        Map<String, String> extensions = new HashMap<>();
        Answers.extensions(root, extensions);
        Answers.extensions(choice, extensions);
        Answers.extensions(message, extensions);
        if (Answers.finish(reason) == forge.ai.api.llm.FinishReason.OTHER) {
            extensions.put("finish_reason", choice.get("finish_reason").toString());
        }
        if (choices.size() > 1) {
            extensions.put("choices", choices.toString());
        }
        return new Completion(
                Json.text(root, "id"),
                Json.text(root, "model"),
                content(message, errors, answer),
                Answers.finish(reason),
                "",
                Answers.usage(root),
                Answers.logprobs(choice),
                extensions,
                Optional.empty());
    }

    private static List<Content> content(JsonNode message, UpstreamErrors errors, HttpAnswer answer) {
        List<Content> content = new ArrayList<>();
        String thinking = Answers.thinking(message);
        if (!thinking.isEmpty()) {
            content.add(Content.Thinking.of(thinking));
        }
        Json.present(message, "content").ifPresent(said -> {
            if (said.isTextual()) {
                content.add(new Content.Text(said.textValue()));
            } else {
                said.forEach(part -> content.add(
                        Json.text(part, "type").equals("text")
                                ? new Content.Text(Json.text(part, "text"))
                                : new Content.Extension("openai", part.toString())));
            }
        });
        Json.present(message, "refusal").ifPresent(refusal -> content.add(new Content.Refusal(refusal.asText())));
        int number = 0;
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            if (Json.text(function, "name").isEmpty()) {
                throw errors.protocol("a tool call without a name", answer);
            }
            String id = Json.text(call, "id");
            JsonNode arguments = function.path("arguments");
            String text = arguments.isContainerNode() ? arguments.toString() : Json.text(function, "arguments");
            content.add(new Content.ToolCall(
                    id.isEmpty() ? "call_" + number : id, Json.text(function, "name"), text.isEmpty() ? "{}" : text));
            number++;
        }
        return content;
    }
}
