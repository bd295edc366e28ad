package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.TokenLogprob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the assistant says: parts of text and of refusal. */
final class MessageItem extends OutputItem {

    private enum Kind {
        TEXT("output_text", "text"),
        REFUSAL("refusal", "refusal");

        private final String type;
        private final String field;

        Kind(String type, String field) {
            this.type = type;
            this.field = field;
        }
    }

    private record Part(Kind kind, StringBuilder text, List<TokenLogprob> logprobs) {

        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("type", kind.type);
            json.writeStringField(kind.field, text.toString());
            if (kind == Kind.TEXT) {
                json.writeArrayFieldStart("annotations");
                json.writeEndArray();
                tokens(json, logprobs);
            }
            json.writeEndObject();
        }
    }

    private final List<Part> parts = new ArrayList<>();

    MessageItem(String id, int index) {
        super("message", id, index);
    }

    void text(Emitter out, String delta, List<TokenLogprob> logprobs) throws IOException {
        Part part = part(out, Kind.TEXT);
        part.text().append(delta);
        part.logprobs().addAll(logprobs);
        emit(out, "response.output_text.delta", json -> {
            json.writeNumberField("content_index", parts.size() - 1);
            json.writeStringField("delta", delta);
            tokens(json, logprobs);
        });
    }

    void refusal(Emitter out, String delta) throws IOException {
        part(out, Kind.REFUSAL).text().append(delta);
        emit(out, "response.refusal.delta", json -> {
            json.writeNumberField("content_index", parts.size() - 1);
            json.writeStringField("delta", delta);
        });
    }

    private Part part(Emitter out, Kind kind) throws IOException {
        if (parts.isEmpty() || parts.getLast().kind() != kind) {
            finish(out);
            parts.add(new Part(kind, new StringBuilder(), new ArrayList<>()));
            part(out, "response.content_part.added");
        }
        return parts.getLast();
    }

    private void part(Emitter out, String event) throws IOException {
        emit(out, event, json -> {
            json.writeNumberField("content_index", parts.size() - 1);
            json.writeFieldName("part");
            parts.getLast().write(json);
        });
    }

    @Override
    void finish(Emitter out) throws IOException {
        if (parts.isEmpty()) {
            return;
        }
        Part part = parts.getLast();
        boolean text = part.kind() == Kind.TEXT;
        emit(out, text ? "response.output_text.done" : "response.refusal.done", json -> {
            json.writeNumberField("content_index", parts.size() - 1);
            json.writeStringField(part.kind().field, part.text().toString());
            if (text) {
                tokens(json, part.logprobs());
            }
        });
        part(out, "response.content_part.done");
    }

    @Override
    void fields(JsonGenerator json) throws IOException {
        json.writeStringField("role", "assistant");
        json.writeArrayFieldStart("content");
        for (Part part : parts) {
            part.write(json);
        }
        json.writeEndArray();
    }

    private static void tokens(JsonGenerator json, List<TokenLogprob> logprobs) throws IOException {
        json.writeArrayFieldStart("logprobs");
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
    }

    private static void token(JsonGenerator json, TokenLogprob token) throws IOException {
        json.writeStringField("token", token.token());
        // JSON has no infinity; OpenAI writes -9999 for a token that cannot come.
        json.writeNumberField("logprob", Double.isFinite(token.logprob()) ? token.logprob() : -9999);
        json.writeArrayFieldStart("bytes");
        for (byte b : token.token().getBytes(StandardCharsets.UTF_8)) {
            json.writeNumber(b & 0xFF);
        }
        json.writeEndArray();
    }
}
