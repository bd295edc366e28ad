package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.anthropic.StopReasons;
import forge.ai.runtime.support.anthropic.TokenFields;
import forge.ai.runtime.support.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an answer says besides its content, put together from one message or from the pieces of a stream. */
final class AnswerNotes {

    private static final Set<String> KNOWN =
            Set.of("id", "type", "role", "content", "model", "stop_reason", "stop_sequence", "usage", "error", "delta");
    private static final Set<String> COUNTS =
            Set.of("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens");

    private final Map<String, String> extensions = new HashMap<>();
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private final ArrayNode citations = JsonNodeFactory.instance.arrayNode();
    private String reason = "";
    private String stopSequence = "";

    /**
     * Takes in a message, or the event at the end of one and the {@code delta} in it. The counts in a later piece of a stream
     * are those up to it and stand for the earlier ones.
     */
    void add(JsonNode message) {
        message.path("usage").properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                usage.set(field.getKey(), field.getValue());
            }
        });
        String word = Json.text(message, "stop_reason");
        reason = word.isEmpty() ? reason : word;
        String sequence = Json.text(message, "stop_sequence");
        stopSequence = sequence.isEmpty() ? stopSequence : sequence;
        message.properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey()) && !Json.empty(field.getValue())) {
                put(field.getKey(), field.getValue());
            }
        });
    }

    private void put(String name, JsonNode value) {
        extensions.put(name, value.toString());
    }

    /** A text's sources. */
    void cite(int block, JsonNode citation) {
        JsonNode last = citations.path(citations.size() - 1);
        if (last.path("index").asInt(-1) != block) {
            citations.addObject().put("index", block).putArray("citations");
        }
        ((ArrayNode) citations.path(citations.size() - 1).path("citations")).add(citation);
    }

    /** Whether it is known why the answer ended. */
    boolean complete() {
        return !reason.isEmpty();
    }

    FinishReason finish() {
        return StopReasons.finish(reason);
    }

    String stopSequence() {
        return stopSequence;
    }

    Optional<Usage> usage() {
        return usage.isEmpty() ? Optional.empty() : Optional.of(TokenFields.read(usage));
    }

    /** What has no place elsewhere; to be called once, at the end. */
    Map<String, String> extensions() {
        if (finish() == FinishReason.OTHER) {
            extensions.put("finish_reason", TextNode.valueOf(reason).toString());
        }
        if (!citations.isEmpty()) {
            put("citations", citations);
        }
        if (usage.properties().stream().anyMatch(f -> !COUNTS.contains(f.getKey()) && !Json.empty(f.getValue()))) {
            put("usage", usage);
        }
        return extensions;
    }
}
