package forge.ai.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Extensions;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The fields of a request that only this dialect knows. */
record Extras(Map<String, String> fields) {

    static Extras of(ChatRequest request) {
        return new Extras(Extensions.of(Messages.DIALECT, request.extensions()));
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** A field that is an object; empty if it is not there. */
    ObjectNode object(String name) {
        if (!has(name)) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (tree(fields.get(name), name) instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidRequestException(name + " is not a JSON object");
    }

    /** A field that is a list; empty if it is not there. */
    List<JsonNode> list(String name) {
        List<JsonNode> list = new ArrayList<>();
        if (has(name)) {
            JsonNode value = tree(fields.get(name), name);
            if (!value.isArray()) {
                throw new InvalidRequestException(name + " is not a JSON list");
            }
            value.forEach(list::add);
        }
        return list;
    }

    /** @param what names it in the error */
    static JsonNode tree(String text, String what) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            throw new InvalidRequestException(what + " is not JSON");
        }
    }

    /** Writes fields as they stand. */
    void write(JsonGenerator json, Predicate<String> which) throws IOException {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (which.test(field.getKey())) {
                json.writeFieldName(field.getKey());
                Json.writeRaw(json, field.getValue(), field.getKey());
            }
        }
    }
}
