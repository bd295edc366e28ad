package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Extensions;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of a request that have no common form; some of them are joined with fields that have one. */
final class RequestExtensions {

    private final Map<String, String> fields;

    RequestExtensions(Map<String, String> extensions) {
        this.fields = Extensions.of("openai", extensions);
    }

    /** A document as text. */
    static String text(Json.Document document) {
        return new String(Json.write(document), StandardCharsets.UTF_8);
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    boolean is(String name) {
        return value(name).filter(v -> v.strip().equals("true")).isPresent();
    }

    /** The fields of one that is an object; none where it is absent. */
    Map<String, String> object(String name) {
        try {
            return Json.fields(fields.getOrDefault(name, "{}"));
        } catch (IOException e) {
            throw new InvalidRequestException(name + " is not a JSON object");
        }
    }

    /** The elements of one that is an array; none where it is absent. */
    List<String> list(String name) {
        JsonNode list;
        try {
            list = Json.read(fields.getOrDefault(name, "[]"));
        } catch (IOException e) {
            throw new InvalidRequestException(name + " is not JSON");
        }
        if (!list.isArray()) {
            throw new InvalidRequestException(name + " is not a JSON array");
        }
        List<String> elements = new ArrayList<>();
        list.forEach(element -> elements.add(element.toString()));
        return elements;
    }

    /** Writes all but those that are written elsewhere. */
    void write(JsonGenerator json, Set<String> elsewhere) throws IOException {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!elsewhere.contains(field.getKey())) {
                json.writeFieldName(field.getKey());
                Json.writeRaw(json, field.getValue(), field.getKey());
            }
        }
    }
}
