package forge.ai.runtime.server.anthropic;

import forge.ai.api.llm.Content;
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.support.anthropic.BlockWriter;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.json.Json;
import java.io.ByteArrayOutputStream;

/** The blocks of one streamed answer, each opened, filled and closed before the next, as server-sent events. */
final class Blocks {

    private enum Kind {
        NONE,
        TEXT,
        THINKING,
        CALL
    }

    private final ByteArrayOutputStream events = new ByteArrayOutputStream(512);
    private Kind open = Kind.NONE;
    private int index;
    private boolean argued;

    /** The events since the last time. */
    byte[] take() {
        byte[] taken = events.toByteArray();
        events.reset();
        return taken;
    }

    /** @param fields besides the type, which is the name */
    void event(String name, Json.Document fields) {
        events.writeBytes(Sse.event(name, json -> {
            json.writeStartObject();
            json.writeStringField("type", name);
            fields.write(json);
            json.writeEndObject();
        }));
    }

    void text(String text) {
        open(Kind.TEXT, new Content.Text(""));
        delta("text_delta", "text", text);
    }

    void thinking(String text) {
        open(Kind.THINKING, Content.Thinking.of(""));
        if (!text.isEmpty()) {
            delta("thinking_delta", "thinking", text);
        }
    }

    /** Ends the thought. */
    void signature(String signature) {
        open(Kind.THINKING, Content.Thinking.of(""));
        if (!signature.isEmpty()) {
            delta("signature_delta", "signature", signature);
        }
        close();
    }

    /** Begins a call; its arguments follow. */
    void call(String id, String name) {
        close();
        argued = false;
        open(Kind.CALL, new Content.ToolCall(id, name, "{}"));
    }

    /** Nothing for a call without any: its beginning says {@code {}} already, and Anthropic does not say it again. */
    void arguments(String piece) {
        if (argued || !piece.strip().equals("{}")) {
            argued = true;
            delta("input_json_delta", "partial_json", piece);
        }
    }

    /** A block that comes whole. */
    void whole(Content content) {
        close();
        start(content);
        stop();
    }

    void close() {
        if (open != Kind.NONE) {
            stop();
            open = Kind.NONE;
        }
    }

    private void open(Kind kind, Content block) {
        if (open != kind) {
            close();
            start(block);
            open = kind;
        }
    }

    private void start(Content block) {
        event(Messages.CONTENT_BLOCK_START, json -> {
            json.writeNumberField("index", index);
            json.writeFieldName("content_block");
            BlockWriter.write(json, block);
        });
    }

    private void delta(String type, String field, String piece) {
        event(Messages.CONTENT_BLOCK_DELTA, json -> {
            json.writeNumberField("index", index);
            json.writeObjectFieldStart("delta");
            json.writeStringField("type", type);
            json.writeStringField(field, piece);
            json.writeEndObject();
        });
    }

    private void stop() {
        event(Messages.CONTENT_BLOCK_STOP, json -> json.writeNumberField("index", index));
        index++;
    }
}
