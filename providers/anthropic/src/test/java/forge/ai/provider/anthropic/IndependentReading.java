package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.Content.ToolCall;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.testkit.llm.RecordedAnswer;
import forge.ai.runtime.testkit.llm.Recording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a recorded answer says, read in the simplest way: a stream is first put together to the message that it stands for. */
final class IndependentReading {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> FIELDS =
            Set.of("id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage");

    private final ObjectNode message;

    private IndependentReading(ObjectNode message) {
        this.message = message;
    }

    static IndependentReading of(Recording recording) throws IOException {
        if (!recording.stream()) {
            return new IndependentReading((ObjectNode) recording.json());
        }
        ObjectNode message = MAPPER.createObjectNode();
        Map<Integer, String> inputs = new TreeMap<>();
        for (String line : recording.text().split("\n")) {
            if (line.startsWith("data:")) {
                message = add(message, inputs, MAPPER.readTree(line.substring(5)));
            }
        }
        for (Map.Entry<Integer, String> input : inputs.entrySet()) {
            if (!input.getValue().isEmpty()) {
                ObjectNode block = (ObjectNode) message.get("content").get(input.getKey());
                block.set("input", MAPPER.readTree(input.getValue()));
                block.put("written", input.getValue());
            }
        }
        return new IndependentReading(message);
    }

    private static ObjectNode add(ObjectNode message, Map<Integer, String> inputs, JsonNode event) {
        JsonNode delta = event.path("delta");
        switch (event.get("type").textValue()) {
            case "message_start" -> {
                return (ObjectNode) event.get("message");
            }
            case "content_block_start" ->
                ((ArrayNode) message.get("content"))
                        .add(event.get("content_block").deepCopy());
            case "content_block_delta" -> {
                int index = event.get("index").intValue();
                ObjectNode block = (ObjectNode) message.get("content").get(index);
                switch (delta.get("type").textValue()) {
                    case "text_delta" -> append(block, "text", delta);
                    case "thinking_delta" -> append(block, "thinking", delta);
                    case "signature_delta" -> append(block, "signature", delta);
                    case "input_json_delta" ->
                        inputs.merge(index, delta.get("partial_json").textValue(), String::concat);
                    case "citations_delta" -> block.withArray("citations").add(delta.get("citation"));
                    case "compaction_delta" -> {
                        block.setAll((ObjectNode) delta);
                        block.put("type", "compaction");
                    }
                    default -> throw new IllegalStateException(delta.toString());
                }
            }
            case "message_delta" -> {
                message.setAll((ObjectNode) delta);
                ((ObjectNode) message.get("usage")).setAll((ObjectNode) event.get("usage"));
                if (event.has("context_management")) {
                    message.set("context_management", event.get("context_management"));
                }
            }
            default -> {
                // Pings and ends.
            }
        }
        return message;
    }

    private static void append(ObjectNode block, String field, JsonNode delta) {
        block.put(field, block.get(field).textValue() + delta.get(field).textValue());
    }

    RecordedAnswer answer() {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        List<String> proofs = new ArrayList<>();
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode block : message.get("content")) {
            switch (block.get("type").textValue()) {
                case "text" -> text.append(block.get("text").textValue());
                case "thinking" -> {
                    thinking.append(block.get("thinking").textValue());
                    proofs.add(block.get("signature").textValue());
                }
                case "redacted_thinking" -> proofs.add(block.get("data").textValue());
                case "tool_use" -> {
                    String input = block.has("written")
                            ? block.get("written").textValue()
                            : block.get("input").toString();
                    calls.add(new ToolCall(
                            block.get("id").textValue(), block.get("name").textValue(), input));
                }
                default -> {
                    // See others.
                }
            }
        }
        return new RecordedAnswer(
                message.get("model").textValue(),
                text.toString(),
                thinking.toString(),
                proofs,
                "",
                calls,
                finish(message.get("stop_reason").textValue()),
                Optional.of(usage(message.get("usage"))));
    }

    private static FinishReason finish(String reason) {
        return switch (reason) {
            case "end_turn" -> FinishReason.STOP;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.REFUSAL;
            default -> throw new IllegalStateException("stop reason " + reason);
        };
    }

    private static Usage usage(JsonNode usage) {
        long read = usage.path("cache_read_input_tokens").asLong();
        long written = usage.path("cache_creation_input_tokens").asLong();
        return new Usage(
                usage.get("input_tokens").longValue() + read + written,
                usage.get("output_tokens").longValue(),
                read,
                written,
                usage.path("output_tokens_details").path("thinking_tokens").asLong());
    }

    String id() {
        return message.get("id").textValue();
    }

    /** Fields beside the usual ones that say something. */
    Map<String, JsonNode> notes() {
        Map<String, JsonNode> notes = new TreeMap<>();
        message.properties().forEach(field -> {
            boolean says =
                    !field.getValue().isNull() && !field.getValue().toString().matches("\"\"|\\[]|\\{}");
            if (says && !FIELDS.contains(field.getKey())) {
                notes.put(field.getKey(), field.getValue());
            }
        });
        return notes;
    }

    List<JsonNode> citations() {
        List<JsonNode> all = new ArrayList<>();
        message.get("content").forEach(block -> block.path("citations").forEach(all::add));
        return all;
    }

    /** The content that has no common form. */
    List<JsonNode> others() {
        return blocks().stream()
                .filter(block -> !Set.of("text", "thinking", "redacted_thinking", "tool_use")
                        .contains(block.get("type").textValue()))
                .toList();
    }

    /** The content as it has to be sent back; texts that follow each other are one. */
    List<JsonNode> blocks() {
        List<JsonNode> blocks = new ArrayList<>();
        for (JsonNode each : message.get("content")) {
            ObjectNode block = each.deepCopy();
            block.remove("written");
            String type = block.get("type").textValue();
            if (type.equals("text")) {
                block.remove("citations");
            } else if (type.equals("tool_use")) {
                block.remove("caller");
            }
            if (!type.equals("text") || !block.get("text").textValue().isEmpty()) {
                blocks.add(block);
            }
        }
        return joined(blocks);
    }

    static List<JsonNode> joined(List<JsonNode> blocks) {
        List<JsonNode> joined = new ArrayList<>();
        for (JsonNode block : blocks) {
            boolean text = block.get("type").textValue().equals("text");
            if (text
                    && !joined.isEmpty()
                    && joined.getLast().path("type").asText().equals("text")) {
                append((ObjectNode) joined.getLast(), "text", block);
            } else {
                joined.add(block);
            }
        }
        return joined;
    }
}
