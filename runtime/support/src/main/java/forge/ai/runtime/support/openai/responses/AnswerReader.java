package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.json.LogprobRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whole answers. */
final class AnswerReader {

    private AnswerReader() {}

    /** @param model the name to report where the answer does not say it */
    static Completion read(HttpAnswer answer, UpstreamErrors errors, String model) {
        JsonNode root = answer.json(errors);
        JsonNode output = root.path("output");
        if (!output.isArray()) {
            throw errors.protocol("an answer without output", answer);
        }
        List<Content> content = new ArrayList<>();
        List<TokenLogprob> logprobs = new ArrayList<>();
        ArrayNode annotations = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : output) {
            content.addAll(Items.read(item, errors, answer));
            for (JsonNode part : item.path("content")) {
                logprobs.addAll(LogprobRows.of(part.path("logprobs")));
                part.path("annotations").forEach(annotations::add);
            }
        }
        boolean calls = content.stream().anyMatch(Content.ToolCall.class::isInstance);
        Ending ending = Ending.of(root, calls, annotations, errors, answer);
        String name = Json.text(root, "model");
        return new Completion(
                Json.text(root, "id"),
                name.isEmpty() ? model : name,
                content,
                ending.finish(),
                "",
                ending.usage(),
                logprobs,
                ending.extensions(),
                Optional.empty(),
                Optional.empty());
    }
}
