package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.VendorError;
import forge.ai.runtime.support.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an answer ended and what is said about it as a whole.
 *
 * @param extensions what has no place in an answer of ours; not what repeats the request
 */
record Ending(FinishReason finish, Optional<Usage> usage, Map<String, String> extensions) {

    private static final Set<String> KNOWN = Set.of(
            "id",
            "object",
            "created_at",
            "completed_at",
            "model",
            "output",
            "output_text",
            "usage",
            "status",
            "error",
            "incomplete_details");

    /** Fields of the request that stand in the answer again. */
    private static final Set<String> REPEATED = Set.of(
            "background",
            "frequency_penalty",
            "include",
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "metadata",
            "parallel_tool_calls",
            "presence_penalty",
            "previous_response_id",
            "prompt",
            "prompt_cache_key",
            "prompt_cache_retention",
            "reasoning",
            "safety_identifier",
            "store",
            "temperature",
            "text",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "truncation",
            "user");

    /**
     * Reads the ending of a response.
     *
     * @param calls whether it asks for tools
     * @param annotations what its texts refer to, such as pages and files
     * @throws forge.ai.api.ForgeException if it failed or is not at its end
     */
    static Ending of(
            JsonNode response, boolean calls, ArrayNode annotations, UpstreamErrors errors, HttpAnswer answer) {
        refuse(response, errors, answer);
        Map<String, String> extensions = extensions(response);
        if (!annotations.isEmpty()) {
            extensions.put("annotations", annotations.toString());
        }
        FinishReason finish = finish(response, calls);
        if (finish == FinishReason.OTHER) {
            extensions.put(
                    "finish_reason",
                    response.path("incomplete_details").path("reason").toString());
        }
        return new Ending(finish, Json.present(response, "usage").map(Ending::tokens), extensions);
    }

    private static void refuse(JsonNode response, UpstreamErrors errors, HttpAnswer answer) {
        VendorError.in(response).ifPresent(error -> {
            throw errors.vendor(error, answer);
        });
        String status = Json.text(response, "status");
        switch (status) {
            case "failed", "cancelled" ->
                throw errors.vendor(new VendorError("the response is " + status, "", "", ""), answer);
            case "queued", "in_progress" ->
                throw errors.protocol("an answer that is not complete: it is " + status, answer);
            default -> {
                // It has an end.
            }
        }
    }

    private static FinishReason finish(JsonNode response, boolean calls) {
        if (Json.text(response, "status").equals("incomplete")) {
            return switch (Json.text(response.path("incomplete_details"), "reason")) {
                case "max_output_tokens" -> FinishReason.LENGTH;
                case "content_filter" -> FinishReason.CONTENT_FILTER;
                default -> FinishReason.OTHER;
            };
        }
        return calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }

    private static Usage tokens(JsonNode usage) {
        return new Usage(
                Json.number(usage, "input_tokens").orElse(0),
                Json.number(usage, "output_tokens").orElse(0),
                Json.number(usage.path("input_tokens_details"), "cached_tokens").orElse(0),
                Json.number(usage.path("input_tokens_details"), "cache_write_tokens")
                        .orElse(0),
                Json.number(usage.path("output_tokens_details"), "reasoning_tokens")
                        .orElse(0));
    }

    private static Map<String, String> extensions(JsonNode response) {
        Map<String, String> extensions = new HashMap<>();
        response.properties().forEach(field -> {
            boolean known = KNOWN.contains(field.getKey()) || REPEATED.contains(field.getKey());
            if (!known && !Json.empty(field.getValue())) {
                extensions.put(field.getKey(), field.getValue().toString());
            }
        });
        return extensions;
    }
}
