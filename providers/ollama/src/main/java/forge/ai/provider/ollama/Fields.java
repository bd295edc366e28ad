package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.ollama.DoneReason;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads what whole answers and lines of streams have in common; chats and plain completions differ in where the text is. */
enum Fields {
    CHAT {
        @Override
        JsonNode said(JsonNode answer) {
            return answer.path("message");
        }

        @Override
        boolean says(JsonNode answer) {
            return said(answer).isObject();
        }

        @Override
        String text(JsonNode answer) {
            return Json.text(said(answer), "content");
        }
    },
    GENERATE {
        @Override
        JsonNode said(JsonNode answer) {
            return answer;
        }

        @Override
        boolean says(JsonNode answer) {
            return answer.path("response").isTextual();
        }

        @Override
        String text(JsonNode answer) {
            return Json.text(answer, "response");
        }
    };

    private static final Set<String> KNOWN = Set.of(
            "model",
            "message",
            "response",
            "thinking",
            "tool_calls",
            "logprobs",
            "done",
            "done_reason",
            "prompt_eval_count",
            "eval_count",
            "error");

    /** Where thoughts and calls of tools stand. */
    abstract JsonNode said(JsonNode answer);

    /** Whether the answer or line has what such must have. */
    abstract boolean says(JsonNode answer);

    abstract String text(JsonNode answer);

    String thinking(JsonNode answer) {
        return Json.text(said(answer), "thinking");
    }

    Iterable<JsonNode> calls(JsonNode answer) {
        return said(answer).path("tool_calls");
    }

    static Optional<Usage> usage(JsonNode answer) {
        OptionalLong input = Json.number(answer, "prompt_eval_count");
        OptionalLong output = Json.number(answer, "eval_count");
        // A prompt that was read before is not counted by older servers.
        return input.isEmpty() && output.isEmpty()
                ? Optional.empty()
                : Optional.of(Usage.of(input.orElse(0), output.orElse(0)));
    }

    /** Whether the answer was cut at its most tokens. */
    static boolean cut(JsonNode answer) {
        return DoneReason.read(Json.text(answer, "done_reason"), false) == FinishReason.LENGTH;
    }

    static FinishReason finish(JsonNode answer, boolean calls, Map<String, String> extensions) {
        String word = Json.text(answer, "done_reason");
        FinishReason finish = DoneReason.read(word, calls);
        if (finish == FinishReason.OTHER) {
            extensions.put("finish_reason", answer.get("done_reason").toString());
        }
        return finish;
    }

    /** Keeps what has no place in an answer of ours, such as how long it took. */
    static void extensions(JsonNode answer, Map<String, String> into) {
        answer.properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey()) && !Json.empty(field.getValue())) {
                into.put(
                        Extensions.name("ollama", field.getKey()),
                        field.getValue().toString());
            }
        });
    }
}
