package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.json.LogprobRows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads whole answers. */
final class AnswerReader {

    private final HttpAnswer answer;
    private final UpstreamErrors errors;
    private final Expected expected;
    private final Fields fields;

    AnswerReader(HttpAnswer answer, UpstreamErrors errors, Expected expected) {
        this.answer = answer;
        this.errors = errors;
        this.expected = expected;
        this.fields = expected.fields();
    }

    Completion read() {
        JsonNode root = answer.json(errors);
        if (!fields.says(root)) {
            throw errors.protocol("an answer that says nothing", answer);
        }
        if (!root.path("done").asBoolean()) {
            throw errors.protocol("an answer that is not done", answer);
        }
        List<Content> content = content(root);
        Map<String, String> extensions = new HashMap<>();
        Fields.extensions(root, extensions);
        boolean calls = content.stream().anyMatch(Content.ToolCall.class::isInstance);
        FinishReason finish = Fields.finish(root, calls, extensions);
        String name = Json.text(root, "model");
        Completion completion = new Completion(
                "",
                name.isEmpty() ? expected.model() : name,
                content,
                finish,
                "",
                Fields.usage(root),
                LogprobRows.of(root.path("logprobs")),
                extensions,
                Optional.empty(),
                Optional.empty());
        return expected.wire()
                ? completion.withWire(new Wire(Wire.OLLAMA_CHAT, new String(answer.body(), StandardCharsets.UTF_8)))
                : completion;
    }

    private List<Content> content(JsonNode root) {
        List<Content> content = new ArrayList<>();
        if (!fields.thinking(root).isEmpty()) {
            content.add(Content.Thinking.of(fields.thinking(root)));
        }
        ToolCalls calls = new ToolCalls(errors, answer);
        String text = fields.text(root);
        ForcedCall forced = expected.forced();
        if (forced != null && !Fields.cut(root)) {
            content.add(calls.next(root, forced.read(text, errors, answer)));
        } else if (!text.isEmpty()) {
            content.add(new Content.Text(text));
        }
        for (JsonNode call : fields.calls(root)) {
            content.add(calls.next(root, call));
        }
        return content;
    }
}
