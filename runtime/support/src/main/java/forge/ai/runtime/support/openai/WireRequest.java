package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.openai.ChunkDecoder.Passing;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A chat request as it came, for this upstream: its values stay as they stand, to the last digit, but for the model's
 * name, whether to stream, and what the upstream does not want: thoughts of earlier turns in some field, newer fields.
 */
final class WireRequest {

    private static final String OPTIONS = "stream_options";
    private static final String USAGE = "include_usage";
    private static final String MAX_TOKENS = "max_completion_tokens";

    private final Map<String, String> fields;
    private final ObjectNode options;
    private final boolean older;

    private WireRequest(Map<String, String> fields, ObjectNode options, boolean older) {
        this.fields = fields;
        this.options = options;
        this.older = older;
    }

    /** @param request one with a wire */
    static WireRequest of(ChatRequest request, Dialect dialect) {
        try {
            Map<String, String> fields =
                    Json.fields(request.wire().orElseThrow().json());
            fields.put(
                    "model", JsonNodeFactory.instance.textNode(request.model()).toString());
            // Others than OpenAI take what their clients send, or say in the configuration where they want it.
            boolean choosy = dialect.official() || !dialect.reasoningField().isEmpty();
            if (choosy && request.messages().stream().anyMatch(WireRequest::thoughtful)) {
                fields.put("messages", withThoughtsIn(dialect.reasoningField(), fields.getOrDefault("messages", "[]")));
            }
            if (dialect.older() && fields.containsKey(MAX_TOKENS)) {
                fields.put("max_tokens", fields.remove(MAX_TOKENS));
            }
            JsonNode options = Json.read(fields.getOrDefault(OPTIONS, "{}"));
            return new WireRequest(
                    fields,
                    options instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode(),
                    dialect.older());
        } catch (IOException e) {
            throw new InvalidRequestException("what came on the wire is not a JSON object");
        }
    }

    private static boolean thoughtful(Message message) {
        return message.content().stream().anyMatch(Content.Thinking.class::isInstance);
    }

    /** The thoughts of earlier turns in the field of this name, or in none. */
    private static String withThoughtsIn(String field, String messages) throws IOException {
        JsonNode list = Json.read(messages);
        for (JsonNode message : list) {
            if (message instanceof ObjectNode object) {
                String thoughts = Answers.thinking(object);
                object.remove(Answers.THOUGHTS);
                object.remove(Answers.THOUGHT_DETAILS);
                if (!field.isEmpty() && !thoughts.isEmpty()) {
                    object.put(field, thoughts);
                }
            }
        }
        return list.toString();
    }

    /** What the client wants to see of the chunks. */
    Passing passing() {
        return options.path(USAGE).asBoolean() ? Passing.ALL : Passing.NO_USAGE;
    }

    byte[] whole() {
        Map<String, String> sent = new LinkedHashMap<>(fields);
        sent.remove("stream");
        sent.remove(OPTIONS);
        return Json.write(sent);
    }

    /** Asks for a stream, with the usage at its end if the server knows how to be asked for it. */
    byte[] streamed() {
        Map<String, String> sent = new LinkedHashMap<>(fields);
        sent.put("stream", "true");
        if (older) {
            sent.remove(OPTIONS);
        } else {
            sent.put(OPTIONS, options.deepCopy().put(USAGE, true).toString());
        }
        return Json.write(sent);
    }
}
