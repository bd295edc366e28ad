package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads whole answers, of chats and of plain completions. */
final class AnswerReader {

    private final HttpAnswer answer;
    private final UpstreamErrors errors;

    AnswerReader(HttpAnswer answer, UpstreamErrors errors) {
        this.answer = answer;
        this.errors = errors;
    }

    Completion chat() {
        JsonNode root = answer.json(errors);
        JsonNode message = root.path("choices").path(0).path("message");
        if (!message.isObject()) {
            throw errors.protocol("an answer without a choice", answer);
        }
        Map<String, String> extensions = new HashMap<>();
        Answers.extensions(message, extensions);
        return completion(root, MessageReader.read(message, errors, answer), extensions);
    }

    Completion text() {
        JsonNode root = answer.json(errors);
        JsonNode text = root.path("choices").path(0).path("text");
        if (!text.isTextual()) {
            throw errors.protocol("an answer without a choice", answer);
        }
        List<Content> content = text.textValue().isEmpty() ? List.of() : List.of(new Content.Text(text.textValue()));
        return completion(root, content, new HashMap<>());
    }

    private Completion completion(JsonNode root, List<Content> content, Map<String, String> extensions) {
        JsonNode choices = root.path("choices");
        JsonNode choice = choices.path(0);
        String reason = Json.text(choice, "finish_reason");
        if (reason.isEmpty()) {
            throw errors.protocol("an answer without a finish reason", answer);
        }
        FinishReason finish = Answers.finish(reason);
        if (finish == FinishReason.OTHER) {
            extensions.put("finish_reason", choice.get("finish_reason").toString());
        }
        Answers.extensions(root, extensions);
        Answers.extensions(choice, extensions);
        if (choices.size() > 1) {
            extensions.put("choices", choices.toString());
        }
        return new Completion(
                Json.text(root, "id"),
                Json.text(root, "model"),
                content,
                finish,
                "",
                Answers.usage(root),
                Logprobs.of(choice),
                extensions,
                Optional.empty(),
                Optional.empty());
    }
}
