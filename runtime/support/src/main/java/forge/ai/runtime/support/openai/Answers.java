package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what whole answers and pieces of streams have in common. */
final class Answers {

    private static final Set<String> KNOWN = Set.of(
            "id",
            "object",
            "created",
            "model",
            "choices",
            "usage",
            "obfuscation",
            "index",
            "message",
            "delta",
            "text",
            "finish_reason",
            "logprobs",
            "role",
            "content",
            "refusal",
            "tool_calls",
            "reasoning",
            "reasoning_content",
            "error");

    /** The names of the field in which servers give thoughts. */
    static final List<String> THOUGHTS = List.of("reasoning_content", "reasoning");

    /** The field in which gateways give thoughts with their proofs. */
    static final String THOUGHT_DETAILS = "reasoning_details";

    private Answers() {}

    static Optional<Usage> usage(JsonNode answer) {
        return Json.present(answer, "usage")
                .or(() -> Json.present(answer, "x_groq").flatMap(groq -> Json.present(groq, "usage")))
                .map(Answers::tokens);
    }

    private static Usage tokens(JsonNode usage) {
        JsonNode input = usage.path("prompt_tokens_details");
        JsonNode output = usage.path("completion_tokens_details");
        long prompt = Json.number(usage, "prompt_tokens").orElse(0);
        long completion = Json.number(usage, "completion_tokens").orElse(0);
        long reasoning = Json.number(output, "reasoning_tokens").orElse(0);
        // Some vendors do not count thinking among the completion; the total then tells.
        boolean apart =
                reasoning > 0 && Json.number(usage, "total_tokens").orElse(0) == prompt + completion + reasoning;
        long cached = Json.number(input, "cached_tokens")
                .orElse(Json.number(usage, "prompt_cache_hit_tokens")
                        .orElse(Json.number(usage, "cached_tokens").orElse(0)));
        return new Usage(prompt, apart ? completion + reasoning : completion, cached, 0, reasoning);
    }

    static FinishReason finish(String reason) {
        return switch (reason) {
            case "stop" -> FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /** The thought in a message or delta, whichever of its two names it has. */
    static String thinking(JsonNode message) {
        return THOUGHTS.stream()
                .map(name -> Json.text(message, name))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Keeps what has no place in an answer of ours. */
    static void extensions(JsonNode node, Map<String, String> into) {
        node.properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey()) && !Json.empty(field.getValue())) {
                into.put(field.getKey(), field.getValue().toString());
            }
        });
    }
}
