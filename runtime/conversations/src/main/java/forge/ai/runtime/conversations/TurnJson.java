package forge.ai.runtime.conversations;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.conversation.Turn;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.llm.MessageJson;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Turns as they are kept: one JSON array, with what is needed to find them at its beginning. */
final class TurnJson {

    /** What is known of a turn without reading what was said. */
    record Head(String id, String conversation, String previous, Instant created) {}

    private TurnJson() {}

    static byte[] write(Turn turn) {
        return Json.write(json -> {
            json.writeStartArray();
            json.writeString(turn.id());
            json.writeString(turn.conversation());
            json.writeString(turn.previous());
            json.writeNumber(turn.created().toEpochMilli());
            MessageJson.write(json, turn.messages());
            json.writeStartObject();
            for (var attribute : new TreeMap<>(turn.attributes()).entrySet()) {
                json.writeStringField(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    /** Reads the beginning alone. */
    static Head head(byte[] document) throws IOException {
        try (JsonParser json = Json.parser(document)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("no turn");
            }
            return new Head(
                    json.nextTextValue(),
                    json.nextTextValue(),
                    json.nextTextValue(),
                    Instant.ofEpochMilli(json.nextLongValue(0)));
        }
    }

    static Turn read(byte[] document) throws IOException {
        JsonNode json = Json.read(document);
        Map<String, String> attributes = new HashMap<>();
        json.path(5)
                .properties()
                .forEach(a -> attributes.put(a.getKey(), a.getValue().asText()));
        return new Turn(
                json.path(0).asText(),
                json.path(1).asText(),
                json.path(2).asText(),
                MessageJson.read(json.path(4)),
                attributes,
                Instant.ofEpochMilli(json.path(3).asLong()));
    }
}
