package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Map;

/** A request for a response as it came: its values stay as they stand, to the last digit, but for the model's name. */
final class WireRequest {

    private WireRequest() {}

    /** @param model the upstream's own name of it */
    static byte[] write(Wire wire, String model, boolean stream) {
        Map<String, String> fields;
        try {
            fields = Json.fields(wire.json());
        } catch (IOException e) {
            throw new InvalidRequestException("what came on the wire is not a JSON object");
        }
        fields.put("model", JsonNodeFactory.instance.textNode(model).toString());
        if (stream) {
            fields.put("stream", "true");
        } else {
            fields.remove("stream");
            fields.remove("stream_options");
        }
        return Json.write(fields);
    }
}
