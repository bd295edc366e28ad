package forge.ai.runtime.server;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What people and models say, in spans where that was asked for, in the JSON of OpenTelemetry's conventions for
 * generative AI. Pictures are named and not contained.
 */
final class SpanContents {

    private SpanContents() {}

    static void asked(ChatRequest request, Span span) {
        if (span.contents()) {
            span.set("gen_ai.input.messages", json(json -> {
                for (Message message : request.messages()) {
                    message(json, role(message), message.content());
                    json.writeEndObject();
                }
            }));
        }
    }

    static void asked(CompletionRequest request, Span span) {
        if (span.contents()) {
            span.set("gen_ai.input.messages", json(json -> {
                message(json, "user", List.of(new Content.Text(request.prompt())));
                json.writeEndObject();
            }));
        }
    }

    static void answered(Completion answer, Span span) {
        if (span.contents()) {
            span.set("gen_ai.output.messages", json(json -> {
                message(json, "assistant", answer.content());
                json.writeStringField("finish_reason", answer.finish().name().toLowerCase(Locale.ROOT));
                json.writeEndObject();
            }));
        }
    }

    private static String role(Message message) {
        return message.role().name().toLowerCase(Locale.ROOT);
    }

    private static String json(Json.Document messages) {
        byte[] bytes = Json.write(json -> {
            json.writeStartArray();
            messages.write(json);
            json.writeEndArray();
        });
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Leaves the object open. */
    private static void message(JsonGenerator json, String role, List<Content> content) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        json.writeArrayFieldStart("parts");
        for (Content piece : content) {
            json.writeStartObject();
            part(json, piece);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void part(JsonGenerator json, Content piece) throws IOException {
        switch (piece) {
            case Content.Text text -> fields(json, "text", "content", text.text());
            case Content.Refusal refusal -> fields(json, "text", "content", refusal.text());
            case Content.Thinking thought -> fields(json, "reasoning", "content", thought.text());
            case Content.ToolCall call ->
                fields(json, "tool_call", "id", call.id(), "name", call.name(), "arguments", call.arguments());
            case Content.ToolResult result ->
                fields(json, "tool_call_response", "id", result.id(), "response", Content.text(result.content()));
            case Content.ImageLink link ->
                fields(json, "uri", "modality", "image", "uri", link.uri().toString());
            case Content.Image image -> fields(json, "blob", "modality", "image", "mime_type", image.mediaType());
            case Content.CachePoint point -> fields(json, "cache_point");
            case Content.Extension extension -> fields(json, "extension", "dialect", extension.dialect());
        }
    }

    private static void fields(JsonGenerator json, String type, String... more) throws IOException {
        json.writeStringField("type", type);
        for (int i = 0; i < more.length; i += 2) {
            json.writeStringField(more[i], more[i + 1]);
        }
    }
}
