package forge.ai.runtime.support.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.Content.CachePoint;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Optional;

/** The mark on a block that what stands up to its end may be kept for the next request. */
public final class CacheControl {

    private static final String FIELD = "cache_control";

    private CacheControl() {}

    /** The mark on a block, if it has one. */
    public static Optional<CachePoint> of(JsonNode block) {
        return Json.present(block, FIELD).map(mark -> new CachePoint(Json.text(mark, "ttl")));
    }

    /** Writes the field into the block that is open. */
    public static void write(JsonGenerator json, CachePoint point) throws IOException {
        json.writeObjectFieldStart(FIELD);
        json.writeStringField("type", "ephemeral");
        if (!point.ttl().isEmpty()) {
            json.writeStringField("ttl", point.ttl());
        }
        json.writeEndObject();
    }

    static void put(ObjectNode block, CachePoint point) {
        ObjectNode mark = block.putObject(FIELD).put("type", "ephemeral");
        if (!point.ttl().isEmpty()) {
            mark.put("ttl", point.ttl());
        }
    }
}
