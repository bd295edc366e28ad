package forge.ai.runtime.server.responses;

import forge.ai.runtime.support.json.Json;
import java.io.IOException;

/** Numbers the events of one response. */
final class Emitter {

    private final Events events;
    private long sequence;

    Emitter(Events events) {
        this.events = events;
    }

    /** @param fields those that the type has */
    void emit(String type, Json.Document fields) throws IOException {
        emit(type, false, fields);
    }

    void emit(String type, boolean mayWait, Json.Document fields) throws IOException {
        if (events == Events.NOWHERE) {
            return;
        }
        long number = sequence++;
        byte[] json = Json.write(out -> {
            out.writeStartObject();
            out.writeStringField("type", type);
            out.writeNumberField("sequence_number", number);
            fields.write(out);
            out.writeEndObject();
        });
        events.send(type, json, mayWait);
    }
}
