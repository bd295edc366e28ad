package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.VendorError;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.sse.SseEvent;
import forge.ai.runtime.support.sse.StreamDecoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a streamed chat or plain completion. The end is {@code [DONE]} after a finish reason; anything less is a
 * truncated stream. Of several choices the first is followed.
 */
final class ChunkDecoder implements StreamDecoder {

    private final UpstreamErrors errors;
    private final HttpAnswer head;
    private final String model;
    private final Passing passing;
    private final ToolCallDeltas calls;
    private final Map<String, String> extensions = new HashMap<>();
    private Optional<Usage> usage = Optional.empty();
    private String reason = "";
    private boolean started;
    private boolean done;

    /** What is given of the chunks as they came. */
    enum Passing {
        NOTHING,
        /** All of them. */
        ALL,
        /** All but the chunk that has only the usage, which the client did not ask for. */
        NO_USAGE
    }

    /** @param model the name to report where the stream does not say it */
    ChunkDecoder(UpstreamErrors errors, HttpAnswer head, String model, Passing passing) {
        this.errors = errors;
        this.head = head;
        this.model = model;
        this.passing = passing;
        this.calls = new ToolCallDeltas(errors, head);
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void accept(SseEvent event, Consumer<CompletionEvent> out) {
        if (event.text().strip().equals("[DONE]")) {
            end(out);
            return;
        }
        JsonNode chunk;
        try {
            chunk = Json.read(event.data());
        } catch (IOException e) {
            throw errors.protocol("an event that is not JSON", head);
        }
        VendorError.in(chunk).ifPresent(error -> {
            throw errors.vendor(error, head);
        });
        if (passes(chunk)) {
            out.accept(new CompletionEvent.OnTheWire(new Wire(Wire.OPENAI_CHAT, event.text())));
        }
        Answers.usage(chunk).ifPresent(u -> usage = Optional.of(u));
        Answers.extensions(chunk, extensions);
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) == 0) {
                start(chunk, out);
                choice(choice, out);
            }
        }
    }

    private boolean passes(JsonNode chunk) {
        return switch (passing) {
            case NOTHING -> false;
            case ALL -> true;
            case NO_USAGE ->
                !chunk.path("choices").isEmpty() || Json.present(chunk, "usage").isEmpty();
        };
    }

    private void start(JsonNode chunk, Consumer<CompletionEvent> out) {
        if (!started) {
            started = true;
            String name = Json.text(chunk, "model");
            out.accept(new CompletionEvent.Started(Json.text(chunk, "id"), name.isEmpty() ? model : name));
        }
    }

    private void choice(JsonNode choice, Consumer<CompletionEvent> out) {
        Answers.extensions(choice, extensions);
        List<TokenLogprob> logprobs = Logprobs.of(choice);
        JsonNode delta = choice.path("delta");
        if (delta.isObject()) {
            delta(delta, logprobs, out);
        } else {
            text(Json.text(choice, "text"), logprobs, out);
        }
        String finish = Json.text(choice, "finish_reason");
        reason = finish.isEmpty() ? reason : finish;
    }

    private static void text(String text, List<TokenLogprob> logprobs, Consumer<CompletionEvent> out) {
        if (!text.isEmpty() || !logprobs.isEmpty()) {
            out.accept(new CompletionEvent.TextDelta(text, logprobs));
        }
    }

    private void delta(JsonNode delta, List<TokenLogprob> logprobs, Consumer<CompletionEvent> out) {
        Answers.extensions(delta, extensions);
        String thinking = Answers.thinking(delta);
        if (!thinking.isEmpty()) {
            out.accept(new CompletionEvent.ThinkingDelta(thinking));
        }
        text(Json.text(delta, "content"), logprobs, out);
        String refusal = Json.text(delta, "refusal");
        if (!refusal.isEmpty()) {
            out.accept(new CompletionEvent.RefusalDelta(refusal));
        }
        for (JsonNode call : delta.path("tool_calls")) {
            calls.accept(call, out);
        }
    }

    private void end(Consumer<CompletionEvent> out) {
        if (reason.isEmpty()) {
            throw errors.protocol("the stream ended without a finish reason", head);
        }
        FinishReason finish = Answers.finish(reason);
        if (finish == FinishReason.OTHER) {
            extensions.put("finish_reason", "\"" + reason.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        done = true;
        out.accept(new CompletionEvent.Finished(finish, "", usage, extensions));
    }
}
