package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A thought, shown as its own summary, which is what clients of this dialect look for. */
final class ReasoningItem extends OutputItem {

    private static final String PREFIX = "response.reasoning_summary_";

    private final StringBuilder text = new StringBuilder();
    private final boolean encrypted;
    private String sealed = "";
    private boolean begun;

    /** @param encrypted whether what cannot be read of it is given too */
    ReasoningItem(String id, int index, boolean encrypted) {
        super("reasoning", id, index);
        this.encrypted = encrypted;
    }

    void text(Emitter out, String delta) throws IOException {
        if (!begun) {
            begun = true;
            part(out, PREFIX + "part.added", "");
        }
        text.append(delta);
        emit(out, PREFIX + "text.delta", json -> {
            json.writeNumberField("summary_index", 0);
            json.writeStringField("delta", delta);
        });
    }

    void seal(String signature, String redacted) {
        sealed = SealedThought.seal(signature, redacted);
    }

    private void part(Emitter out, String event, String said) throws IOException {
        emit(out, event, json -> {
            json.writeNumberField("summary_index", 0);
            json.writeFieldName("part");
            summary(json, said);
        });
    }

    private static void summary(JsonGenerator json, String said) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "summary_text");
        json.writeStringField("text", said);
        json.writeEndObject();
    }

    @Override
    void finish(Emitter out) throws IOException {
        if (begun) {
            String said = text.toString();
            emit(out, PREFIX + "text.done", json -> {
                json.writeNumberField("summary_index", 0);
                json.writeStringField("text", said);
            });
            part(out, PREFIX + "part.done", said);
        }
    }

    @Override
    void fields(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("summary");
        if (begun) {
            summary(json, text.toString());
        }
        json.writeEndArray();
        if (encrypted && !sealed.isEmpty()) {
            json.writeStringField("encrypted_content", sealed);
        }
    }
}
