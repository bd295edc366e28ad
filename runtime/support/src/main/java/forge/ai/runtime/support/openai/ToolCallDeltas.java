package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells the calls of tools in a stream apart. The id counts more than the index, because servers leave the index out or
 * give all calls the same; a piece without an id belongs to the last call of its index, or to the last call at all.
 */
final class ToolCallDeltas {

    private final UpstreamErrors errors;
    private final HttpAnswer head;
    private final Map<String, Integer> byId = new HashMap<>();
    private final Map<Integer, Integer> byIndex = new HashMap<>();
    private int count;

    ToolCallDeltas(UpstreamErrors errors, HttpAnswer head) {
        this.errors = errors;
        this.head = head;
    }

    void accept(JsonNode call, Consumer<CompletionEvent> out) {
        JsonNode function = call.path("function");
        int number = number(call, Json.text(function, "name"), out);
        JsonNode arguments = function.path("arguments");
        String piece = arguments.isContainerNode() ? arguments.toString() : Json.text(function, "arguments");
        if (!piece.isEmpty()) {
            out.accept(new CompletionEvent.ToolCallDelta(number, piece));
        }
    }

    private int number(JsonNode call, String name, Consumer<CompletionEvent> out) {
        String id = Json.text(call, "id");
        int index = (int) Json.number(call, "index").orElse(-1);
        Integer known = id.isEmpty() ? byIndex.get(index) : byId.get(id);
        if (known == null && id.isEmpty() && name.isEmpty() && count > 0) {
            known = count - 1;
        }
        if (known != null) {
            return known;
        }
        if (name.isEmpty()) {
            throw errors.protocol("a tool call without a name", head);
        }
        int number = count++;
        String given = id.isEmpty() ? "call_" + number : id;
        byId.put(given, number);
        if (index >= 0) {
            byIndex.put(index, number);
        }
        out.accept(new CompletionEvent.ToolCallStarted(number, given, name));
        return number;
    }
}
