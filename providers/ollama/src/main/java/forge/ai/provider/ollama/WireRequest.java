package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.node.TextNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Map;

/** A chat request as it came: its values stay as they stand, but for the model's name and whether to stream. */
final class WireRequest {

    private WireRequest() {}

    static byte[] write(Wire wire, String model, String keepAlive, boolean stream) {
        Map<String, String> fields;
        try {
            fields = Json.fields(wire.json());
        } catch (IOException e) {
            throw new InvalidRequestException("what came on the wire is not a JSON object");
        }
        fields.put("model", TextNode.valueOf(model).toString());
        fields.put("stream", Boolean.toString(stream));
        if (!keepAlive.isEmpty()) {
            fields.putIfAbsent("keep_alive", keepAlive);
        }
        return Json.write(fields);
    }
}
