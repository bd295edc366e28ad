package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Requests and responses as the items that they are on the wire, where they pass through as they came. */
final class WireItems {

    private static final String INPUT = "input";
    private static final String INCLUDE = "include";
    private static final String ENCRYPTED = "reasoning.encrypted_content";

    /** What is said to this server and to nobody behind it. */
    private static final Set<String> HERE = Set.of("type", "generate", "background", "previous_response_id");

    private WireItems() {}

    /** The items that a request adds to a conversation. */
    static List<JsonNode> said(ResponseRequest request) {
        JsonNode input = request.body().path(INPUT);
        List<JsonNode> items = new ArrayList<>();
        if (input.isTextual()) {
            items.add(JsonNodeFactory.instance.objectNode().put("role", "user").put("content", input.textValue()));
        } else {
            input.forEach(item -> SealedThought.opened(item).ifPresent(items::add));
        }
        return items;
    }

    /** The items of a response that a later request can hand back: thoughts that nobody could read again are not. */
    static List<JsonNode> answered(JsonNode response) {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : response.path("output")) {
            boolean thought = Json.text(item, "type").equals("reasoning");
            if (!thought || Json.present(item, "encrypted_content").isPresent()) {
                items.add(item);
            }
        }
        return items;
    }

    /**
     * The request on the wire with what it follows put before its input.
     *
     * @param before the items of the conversation so far
     * @param followed whether a later request may follow it: then its thoughts are to come in a form that can be handed
     *     back; models that do not think refuse to be asked for that
     */
    static Wire request(ResponseRequest request, List<JsonNode> before, boolean followed) {
        Wire wire = request.chat().wire().orElseThrow();
        try {
            Map<String, String> fields = Json.fields(wire.json());
            fields.keySet().removeAll(HERE);
            List<JsonNode> said = said(request);
            boolean asItCame = before.isEmpty() && same(request.body().path(INPUT), said);
            if (!asItCame) {
                ArrayNode items = JsonNodeFactory.instance.arrayNode();
                items.addAll(before).addAll(said);
                fields.put(INPUT, items.toString());
            }
            if (followed && !request.encryptedThoughts() && request.body().hasNonNull("reasoning")) {
                fields.put(INCLUDE, withEncrypted(request.body().path(INCLUDE)).toString());
            }
            return new Wire(wire.dialect(), new String(Json.write(fields), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("a document that was read before", e);
        }
    }

    private static boolean same(JsonNode input, List<JsonNode> said) {
        if (input.isTextual()) {
            return true;
        }
        int place = 0;
        for (JsonNode item : input) {
            if (place == said.size() || said.get(place++) != item) {
                return false;
            }
        }
        return true;
    }

    private static ArrayNode withEncrypted(JsonNode include) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        include.forEach(all::add);
        return all.add(ENCRYPTED);
    }
}
