package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes what whole answers and pieces of streams have in common. */
final class AnswerFields {

    private static final Set<String> OWN =
            Set.of("id", "object", "created", "model", "choices", "usage", "finish_reason", "error");

    private AnswerFields() {}

    static void head(JsonGenerator json, Answer answer, String object) throws IOException {
        json.writeStringField("id", answer.id());
        json.writeStringField("object", object);
        json.writeNumberField("created", answer.created());
        json.writeStringField("model", answer.model());
    }

    static String reason(FinishReason reason, Map<String, String> extensions) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, PAUSE, REFUSAL -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
            case OTHER -> {
                // The vendor's own word is JSON text, a quoted string.
                String word = extensions.getOrDefault("finish_reason", "");
                yield word.matches("\"[A-Za-z0-9_.-]+\"") ? word.substring(1, word.length() - 1) : "stop";
            }
        };
    }

    static void usage(JsonGenerator json, Optional<Usage> known) throws IOException {
        Usage usage = known.orElse(Usage.of(0, 0));
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", usage.inputTokens());
        json.writeNumberField("completion_tokens", usage.outputTokens());
        json.writeNumberField("total_tokens", usage.totalTokens());
        json.writeObjectFieldStart("prompt_tokens_details");
        json.writeNumberField("cached_tokens", usage.cachedInputTokens());
        json.writeEndObject();
        json.writeObjectFieldStart("completion_tokens_details");
        json.writeNumberField("reasoning_tokens", usage.reasoningTokens());
        json.writeEndObject();
        json.writeEndObject();
    }

    static void logprobs(JsonGenerator json, List<TokenLogprob> logprobs) throws IOException {
        if (logprobs.isEmpty()) {
            json.writeNullField("logprobs");
            return;
        }
        json.writeObjectFieldStart("logprobs");
        json.writeArrayFieldStart("content");
        for (TokenLogprob token : logprobs) {
            json.writeStartObject();
            token(json, token);
            json.writeArrayFieldStart("top_logprobs");
            for (TokenLogprob other : token.alternatives()) {
                json.writeStartObject();
                token(json, other);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNullField("refusal");
        json.writeEndObject();
    }

    private static void token(JsonGenerator json, TokenLogprob token) throws IOException {
        json.writeStringField("token", token.token());
        json.writeNumberField("logprob", finite(token.logprob()));
        json.writeArrayFieldStart("bytes");
        for (byte b : token.token().getBytes(StandardCharsets.UTF_8)) {
            json.writeNumber(b & 0xFF);
        }
        json.writeEndArray();
    }

    /** JSON has no infinity; OpenAI writes -9999 for a token that cannot come. */
    static double finite(double logprob) {
        return Double.isFinite(logprob) ? logprob : -9999;
    }

    static void extensions(JsonGenerator json, Map<String, String> extensions) throws IOException {
        for (Map.Entry<String, String> extension : extensions.entrySet()) {
            if (!OWN.contains(extension.getKey())) {
                json.writeFieldName(extension.getKey());
                Json.writeRaw(json, extension.getValue(), extension.getKey());
            }
        }
    }
}
