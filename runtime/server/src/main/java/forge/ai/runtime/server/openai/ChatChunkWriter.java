package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.support.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes the events of one streamed answer as chunks: as they came, if they came in this dialect. */
final class ChatChunkWriter {

    private static final List<TokenLogprob> NONE = List.of();
    private static final byte[] NOTHING = {};

    private final String asked;
    private final boolean includeUsage;
    private Answer answer;
    private final StringBuilder thought = new StringBuilder();
    private int thoughts;
    private int calls;
    private boolean passing;

    ChatChunkWriter(String asked, boolean includeUsage) {
        this.asked = asked;
        this.includeUsage = includeUsage;
        this.answer = Answer.of("chatcmpl-", "", "", asked);
    }

    /** The server-sent events for an event of the answer; empty if OpenAI has none for it. */
    byte[] write(CompletionEvent event) {
        if (event instanceof CompletionEvent.OnTheWire(Wire wire)
                && wire.dialect().equals(Wire.OPENAI_CHAT)) {
            passing = true;
            return Sse.data(wire.json());
        }
        return passing ? NOTHING : bound(event);
    }

    private byte[] bound(CompletionEvent event) {
        return switch (event) {
            case CompletionEvent.Started e -> {
                answer = Answer.of("chatcmpl-", e.id(), e.model(), asked);
                yield delta(NONE, json -> {
                    json.writeStringField("role", "assistant");
                    json.writeStringField("content", "");
                    json.writeNullField("refusal");
                });
            }
            case CompletionEvent.TextDelta e -> delta(e.logprobs(), json -> json.writeStringField("content", e.text()));
            case CompletionEvent.ThinkingDelta e -> {
                thought.append(e.text());
                yield delta(NONE, json -> json.writeStringField("reasoning_content", e.text()));
            }
            case CompletionEvent.ThinkingSignature e -> {
                Content.Thinking whole = new Content.Thinking(thought.toString(), e.signature(), "");
                thought.setLength(0);
                yield details(whole);
            }
            case CompletionEvent.RefusalDelta e -> delta(NONE, json -> json.writeStringField("refusal", e.text()));
            case CompletionEvent.ToolCallStarted e -> {
                calls = Math.max(calls, e.index() + 1);
                yield delta(NONE, json -> call(json, e.index(), e.id(), e.name(), ""));
            }
            case CompletionEvent.ToolCallDelta e -> delta(NONE, json -> more(json, e));
            case CompletionEvent.Whole e -> whole(e.content());
            case CompletionEvent.OnTheWire e -> NOTHING;
            case CompletionEvent.Finished e -> finish(e);
        };
    }

    private byte[] whole(Content content) {
        return switch (content) {
            case Content.Text text -> write(new CompletionEvent.TextDelta(text.text()));
            case Content.Refusal refusal -> write(new CompletionEvent.RefusalDelta(refusal.text()));
            case Content.Thinking thinking -> thought(thinking);
            case Content.ToolCall call ->
                delta(NONE, json -> call(json, calls++, call.id(), call.name(), call.arguments()));
            case Content.CachePoint point -> NOTHING;
            case Content.Extension part
            when part.dialect().equals("openai") -> delta(NONE, json -> ContentParts.write(json, List.of(part)));
            default -> throw ContentParts.unheld(content);
        };
    }

    private byte[] thought(Content.Thinking thinking) {
        if (thinking.text().isEmpty()) {
            return thinking.redacted().isEmpty() ? NOTHING : details(thinking);
        }
        return delta(NONE, json -> {
            json.writeStringField("reasoning_content", thinking.text());
            if (!thinking.signature().isEmpty()) {
                ThoughtDetails.write(json, List.of(thinking), thoughts++);
            }
        });
    }

    /** A thought with its proof, once it is whole. */
    private byte[] details(Content.Thinking whole) {
        return delta(NONE, json -> ThoughtDetails.write(json, List.of(whole), thoughts++));
    }

    private static void call(JsonGenerator json, int index, String id, String name, String arguments)
            throws IOException {
        json.writeArrayFieldStart("tool_calls");
        json.writeStartObject();
        json.writeNumberField("index", index);
        json.writeStringField("id", id);
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", name);
        json.writeStringField("arguments", arguments);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void more(JsonGenerator json, CompletionEvent.ToolCallDelta delta) throws IOException {
        json.writeArrayFieldStart("tool_calls");
        json.writeStartObject();
        json.writeNumberField("index", delta.index());
        json.writeObjectFieldStart("function");
        json.writeStringField("arguments", delta.arguments());
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    private byte[] finish(CompletionEvent.Finished finished) {
        String reason = AnswerFields.reason(finished.reason(), finished.extensions());
        ByteArrayOutputStream events = new ByteArrayOutputStream(512);
        events.writeBytes(chunk(NONE, reason, json -> {}, finished.extensions()));
        if (includeUsage) {
            events.writeBytes(Sse.data(json -> {
                json.writeStartObject();
                AnswerFields.head(json, answer, "chat.completion.chunk");
                json.writeArrayFieldStart("choices");
                json.writeEndArray();
                AnswerFields.usage(json, finished.usage());
                json.writeEndObject();
            }));
        }
        return events.toByteArray();
    }

    private byte[] delta(List<TokenLogprob> logprobs, Json.Document delta) {
        return chunk(logprobs, "", delta, Map.of());
    }

    private byte[] chunk(
            List<TokenLogprob> logprobs, String reason, Json.Document delta, Map<String, String> extensions) {
        return Sse.data(json -> {
            json.writeStartObject();
            AnswerFields.head(json, answer, "chat.completion.chunk");
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", 0);
            json.writeObjectFieldStart("delta");
            delta.write(json);
            json.writeEndObject();
            AnswerFields.logprobs(json, logprobs);
            if (reason.isEmpty()) {
                json.writeNullField("finish_reason");
            } else {
                json.writeStringField("finish_reason", reason);
            }
            json.writeEndObject();
            json.writeEndArray();
            if (includeUsage) {
                json.writeNullField("usage");
            }
            AnswerFields.extensions(json, extensions);
            json.writeEndObject();
        });
    }
}
