package forge.ai.runtime.server.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.ollama.DoneReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One answer in the making, whole or line by line: what is repeated, what is said, and how long it took. */
final class Answer {

    private static final Set<String> OWN = Set.of(
            "model",
            "created_at",
            "message",
            "response",
            "thinking",
            "tool_calls",
            "logprobs",
            "done",
            "done_reason",
            "prompt_eval_count",
            "eval_count",
            "finish_reason",
            "error");

    private final Shape shape;
    private final long begun = System.nanoTime();
    private long firstSaid;
    private String model;

    /** @param asked the model that was asked for */
    Answer(Shape shape, String asked) {
        this.shape = shape;
        this.model = asked;
    }

    /** @param name of the model that answers, or empty */
    void model(String name) {
        model = name.isEmpty() ? model : name;
    }

    /** A line that is not the last. */
    byte[] piece(Said said) {
        if (firstSaid == 0) {
            firstSaid = System.nanoTime();
        }
        return Json.write(json -> {
            json.writeStartObject();
            body(json, said);
            json.writeBooleanField("done", false);
            json.writeEndObject();
        });
    }

    /** The last line, or the whole. */
    byte[] last(Said said, Finished finished) {
        return Json.write(json -> {
            json.writeStartObject();
            body(json, said);
            json.writeStringField("done_reason", reason(finished));
            json.writeBooleanField("done", true);
            took(json, finished);
            json.writeEndObject();
        });
    }

    private void body(JsonGenerator json, Said said) throws IOException {
        json.writeStringField("model", model);
        json.writeStringField("created_at", Instant.now().toString());
        shape.write(json, said);
        if (!said.logprobs().isEmpty()) {
            logprobs(json, "logprobs", said.logprobs());
        }
    }

    private static void logprobs(JsonGenerator json, String name, List<TokenLogprob> logprobs) throws IOException {
        json.writeArrayFieldStart(name);
        for (TokenLogprob token : logprobs) {
            json.writeStartObject();
            json.writeStringField("token", token.token());
            // JSON has no infinity.
            json.writeNumberField("logprob", Double.isFinite(token.logprob()) ? token.logprob() : -9999);
            json.writeArrayFieldStart("bytes");
            for (byte b : token.token().getBytes(StandardCharsets.UTF_8)) {
                json.writeNumber(b & 0xFF);
            }
            json.writeEndArray();
            if (!token.alternatives().isEmpty()) {
                logprobs(json, "top_logprobs", token.alternatives());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String reason(Finished finished) {
        // The vendor's own word is JSON text, a quoted string.
        String word = finished.extensions().getOrDefault("finish_reason", "");
        return finished.reason() == FinishReason.OTHER && word.matches("\"[A-Za-z0-9_.-]+\"")
                ? word.substring(1, word.length() - 1)
                : DoneReason.write(finished.reason());
    }

    /** What the vendor measured counts more than what was measured here. */
    private void took(JsonGenerator json, Finished finished) throws IOException {
        Map<String, String> own = Extensions.of("ollama", finished.extensions());
        long now = System.nanoTime();
        if (!own.containsKey("total_duration")) {
            json.writeNumberField("total_duration", now - begun);
            if (firstSaid > 0) {
                json.writeNumberField("prompt_eval_duration", firstSaid - begun);
            }
            json.writeNumberField("eval_duration", now - (firstSaid > 0 ? firstSaid : begun));
        }
        if (finished.usage().isPresent()) {
            json.writeNumberField("prompt_eval_count", finished.usage().get().inputTokens());
            json.writeNumberField("eval_count", finished.usage().get().outputTokens());
        }
        extensions(json, own);
        extensions(json, Extensions.of("openai", finished.extensions()));
    }

    private static void extensions(JsonGenerator json, Map<String, String> extensions) throws IOException {
        for (Map.Entry<String, String> extension : extensions.entrySet()) {
            if (!OWN.contains(extension.getKey())) {
                json.writeFieldName(extension.getKey());
                Json.writeRaw(json, extension.getValue(), extension.getKey());
            }
        }
    }
}
