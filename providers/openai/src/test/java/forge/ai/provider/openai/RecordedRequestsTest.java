package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.Recording;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients have sent to OpenAI and servers compatible with it goes out as it was, made anew from our own requests. */
@Timeout(60)
class RecordedRequestsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ScriptedUpstream upstream = new ScriptedUpstream();

    @AfterEach
    void close() {
        upstream.close();
    }

    /** But for prompts of tokens or of several texts, which have no form of ours. */
    static List<Recording> requests() {
        return Recording.in(
                        "openai/chat",
                        "openai/completions",
                        "openai/embeddings",
                        "azure/chat",
                        "huggingface/chat",
                        "ollama/chat")
                .stream()
                .filter(r ->
                        r.request().isObject() && !r.request().path("prompt").isArray())
                .filter(r -> r.request().path("input").isMissingNode()
                        || r.request().path("input").isTextual()
                        || r.request().path("input").path(0).isTextual())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestGoesOutAsItWas(Recording recording) throws Exception {
        JsonNode recorded = recording.request();
        upstream.script(x -> x.answer(400, "application/json", "{}"));
        String field = recorded.toString().contains("\"reasoning_content\":") ? "reasoning_content" : "reasoning";
        OpenAiProvider provider = new OpenAiProvider(Settings.of(Configs.of(
                OpenAiProviderComponent.Config.class,
                Map.of("baseUrl", upstream.uri().toString(), "reasoningField", field))));

        assertThatThrownBy(() -> send(provider, recorded)).isInstanceOf(InvalidRequestException.class);

        provider.close();
        assertThat(normal(MAPPER.readTree(upstream.requests().getFirst().body())))
                .isEqualTo(normal(recorded.deepCopy()));
    }

    private static void send(OpenAiProvider provider, JsonNode recorded) {
        RecordedRequest request = new RecordedRequest(recorded);
        boolean stream = recorded.path("stream").asBoolean();
        if (recorded.has("input")) {
            provider.embed(request.vectors());
        } else if (recorded.has("prompt")) {
            Completion.of(
                    stream ? provider.streamCompletion(request.text()) : whole(provider.complete(request.text())));
        } else {
            Completion.of(stream ? provider.streamChat(request.chat()) : whole(provider.chat(request.chat())));
        }
    }

    private static CompletionStream whole(Completion completion) {
        return CompletionStream.of(completion);
    }

    /** Takes out what says nothing and what is the same in other words. */
    private static JsonNode normal(JsonNode request) {
        ObjectNode root = (ObjectNode) request;
        root.remove("stream_options");
        if (!root.path("stream").asBoolean()) {
            root.remove("stream");
        }
        if (root.path("tool_choice").asText().equals("auto")) {
            root.remove("tool_choice");
        }
        if (root.at("/response_format/type").asText().equals("text")) {
            root.remove("response_format");
        }
        if (root.path("tools").isEmpty()) {
            root.remove("tools");
        }
        if (root.path("input").isTextual()) {
            String input = root.get("input").textValue();
            root.putArray("input").add(input);
        }
        root.path("messages").forEach(message -> message((ObjectNode) message));
        root.path("tools").forEach(tool -> function((ObjectNode) tool.get("function")));
        return values(root);
    }

    private static void message(ObjectNode message) {
        // One client sends a thought under both of its names.
        if (message.has("reasoning_content")) {
            message.remove("reasoning");
        }
        if (message.get("role").asText().equals("developer")) {
            message.put("role", "system");
        }
        StringBuilder text = new StringBuilder();
        boolean texts = message.path("content").isArray();
        for (JsonNode part : message.path("content")) {
            texts &= part.get("type").asText().equals("text");
            text.append(part.path("text").asText());
        }
        if (texts) {
            message.put("content", text.toString());
        }
        if (message.path("content").asText().isEmpty()
                && message.path("tool_calls").size() > 0) {
            message.remove("content");
        }
    }

    private static void function(ObjectNode function) {
        if (!function.path("strict").asBoolean()) {
            function.remove("strict");
        }
        if (function.path("description").asText().isEmpty()) {
            function.remove("description");
        }
    }

    /** Without nulls, and with all numbers of one type. */
    private static JsonNode values(JsonNode node) {
        if (node.isNumber()) {
            return DoubleNode.valueOf(node.doubleValue());
        }
        if (node.isObject()) {
            ObjectNode all = MAPPER.createObjectNode();
            node.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    all.set(field.getKey(), values(field.getValue()));
                }
            });
            return all;
        }
        if (node.isArray()) {
            var all = MAPPER.createArrayNode();
            node.forEach(one -> all.add(values(one)));
            return all;
        }
        return node;
    }
}
