package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.VendorError;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.sse.SseEvent;
import forge.ai.runtime.support.sse.StreamDecoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a streamed response. It ends with the response as a whole, completed or not; anything less is a truncated
 * stream. Other events are passed over: what counts of them stands in the items as well.
 */
final class EventDecoder implements StreamDecoder {

    private final UpstreamErrors errors;
    private final HttpAnswer head;
    private final String model;
    private final boolean passing;
    // By place in the output: ids of items change within a stream at some vendors.
    private final Map<Integer, OpenItem> items = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final ArrayNode annotations = JsonNodeFactory.instance.arrayNode();
    private boolean started;
    private boolean done;

    /**
     * @param model the name to report where the stream does not say it
     * @param passing whether the events are given as they came, too
     */
    EventDecoder(UpstreamErrors errors, HttpAnswer head, String model, boolean passing) {
        this.errors = errors;
        this.head = head;
        this.model = model;
        this.passing = passing;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void accept(SseEvent event, Consumer<CompletionEvent> out) {
        JsonNode node;
        try {
            node = Json.read(event.data());
        } catch (IOException e) {
            throw errors.protocol("an event that is not JSON", head);
        }
        String type = Json.text(node, "type");
        if (passing && !type.isEmpty()) {
            out.accept(new CompletionEvent.OnTheWire(new Wire(Wire.OPENAI_RESPONSES, type, event.text())));
        }
        switch (type) {
            case "response.created", "response.queued", "response.in_progress" -> start(node.path("response"), out);
            case "response.output_item.added" -> open(node, out).added(node.path("item"), out);
            case "response.output_text.delta" -> open(node, out).text(node, out);
            case "response.refusal.delta" -> open(node, out).refusal(node, out);
            case "response.reasoning_summary_text.delta" -> open(node, out).thought("summary_index", node, out);
            case "response.reasoning_text.delta" -> open(node, out).thought("content_index", node, out);
            case "response.function_call_arguments.delta" -> open(node, out).arguments(node, out);
            case "response.output_item.done" -> {
                ids.add(Json.text(node.path("item"), "id"));
                open(node, out).done(node.path("item"), out);
            }
            case "response.completed", "response.incomplete", "response.failed", "response.cancelled" ->
                end(node.path("response"), out);
            case "error" -> throw error(node);
            case "" -> throw untyped(node);
            default -> {
                // One that says nothing by itself, or that nobody knows.
            }
        }
    }

    private ForgeException error(JsonNode event) {
        VendorError error = VendorError.in(event)
                .orElseGet(() -> new VendorError(
                        Json.text(event, "message"), Json.text(event, "code"), "", Json.text(event, "param")));
        return errors.vendor(error, head);
    }

    /** What stands between the upstream and us may say what went wrong in its own way. */
    private ForgeException untyped(JsonNode event) {
        return VendorError.in(event)
                .map(error -> errors.vendor(error, head))
                .orElseGet(() -> errors.protocol("an event without a type", head));
    }

    private void start(JsonNode response, Consumer<CompletionEvent> out) {
        if (!started) {
            started = true;
            String name = Json.text(response, "model");
            out.accept(new CompletionEvent.Started(Json.text(response, "id"), name.isEmpty() ? model : name));
        }
    }

    private OpenItem open(JsonNode event, Consumer<CompletionEvent> out) {
        start(event.path("response"), out);
        return item((int) Json.number(event, "output_index").orElse(0));
    }

    private OpenItem item(int index) {
        return items.computeIfAbsent(index, i -> new OpenItem(i, annotations, errors, head));
    }

    /** Items that did not come by themselves; some vendors change ids, others leave places out. */
    private void rest(JsonNode output, Consumer<CompletionEvent> out) {
        int index = 0;
        for (JsonNode item : output) {
            String id = Json.text(item, "id");
            if (id.isEmpty() || !ids.contains(id)) {
                item(index).done(item, out);
            }
            index++;
        }
    }

    private void end(JsonNode response, Consumer<CompletionEvent> out) {
        if (!response.isObject()) {
            throw errors.protocol("an end without the response", head);
        }
        start(response, out);
        rest(response.path("output"), out);
        boolean calls = items.values().stream().anyMatch(OpenItem::called);
        Ending ending = Ending.of(response, calls, annotations, errors, head);
        done = true;
        out.accept(new CompletionEvent.Finished(ending.finish(), "", ending.usage(), ending.extensions()));
    }
}
