package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;

/** An item of the output while it is being said. */
abstract class OutputItem {

    private final String type;
    private final String id;
    private final int index;
    private String status = "in_progress";

    /** @param index its place in the output */
    OutputItem(String type, String id, int index) {
        this.type = type;
        this.id = id;
        this.index = index;
    }

    final void open(Emitter out) throws IOException {
        out.emit("response.output_item.added", json -> {
            json.writeNumberField("output_index", index);
            json.writeFieldName("item");
            write(json);
        });
    }

    /** @param end {@code completed} or {@code incomplete} */
    final void close(Emitter out, String end) throws IOException {
        finish(out);
        status = end;
        out.emit("response.output_item.done", json -> {
            json.writeNumberField("output_index", index);
            json.writeFieldName("item");
            write(json);
        });
    }

    /** Ends what is inside. */
    abstract void finish(Emitter out) throws IOException;

    /** The fields that only its type has. */
    abstract void fields(JsonGenerator json) throws IOException;

    final void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("type", type);
        json.writeStringField("status", status);
        fields(json);
        json.writeEndObject();
    }

    /** An event about a part of this item. */
    final void emit(Emitter out, String event, Json.Document more) throws IOException {
        out.emit(event, json -> {
            json.writeStringField("item_id", id);
            json.writeNumberField("output_index", index);
            more.write(json);
        });
    }
}
