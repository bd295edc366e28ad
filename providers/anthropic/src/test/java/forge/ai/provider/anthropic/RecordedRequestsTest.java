package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.Recording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients have sent to Anthropic goes out as it was, made anew from our own requests. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedRequestsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AnthropicProvider provider = new AnthropicProvider(Settings.of(Configs.of(
            AnthropicProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));

    @AfterAll
    void close() {
        provider.close();
        upstream.close();
    }

    static List<Recording> requests() {
        return Recording.in("anthropic/messages").stream()
                .filter(r -> r.request().isObject())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestGoesOutAsItWas(Recording recording) throws Exception {
        ChatRequest request = new RecordedRequest(recording.request()).chat();
        upstream.script(x -> x.answer(400, "application/json", "{}"));

        assertThatThrownBy(() -> {
                    if (recording.request().path("stream").asBoolean()) {
                        Completion.of(provider.streamChat(request));
                    } else {
                        provider.chat(request);
                    }
                })
                .isInstanceOf(InvalidRequestException.class);

        assertThat(normal(MAPPER.readTree(upstream.requests().getLast().body())))
                .isEqualTo(normal(recording.request().deepCopy()));
    }

    static List<Recording> counts() {
        return Recording.in("anthropic/count-tokens");
    }

    @ParameterizedTest
    @MethodSource("counts")
    void aRequestToCountGoesOutAsItWas(Recording recording) throws Exception {
        upstream.script(x -> x.answer(200, "application/json", "{\"input_tokens\":1}"));

        provider.countTokens(new RecordedRequest(recording.request()).chat());

        assertThat(normal(MAPPER.readTree(upstream.requests().getLast().body())))
                .isEqualTo(normal(recording.request().deepCopy()));
    }

    /** Takes out what says nothing and what is the same in other words. */
    private static JsonNode normal(JsonNode request) {
        ObjectNode root = (ObjectNode) values(request);
        if (!root.path("stream").asBoolean()) {
            root.remove("stream");
        }
        if (root.path("tool_choice").toString().equals("{\"type\":\"auto\"}")) {
            root.remove("tool_choice");
        }
        if (root.path("tools").isArray()) {
            root.replace("tools", tools(root.get("tools")));
        }
        if (root.path("system").isTextual()) {
            root.replace("system", list(root.get("system")));
        }
        for (JsonNode message : root.path("messages")) {
            content((ObjectNode) message);
        }
        return root;
    }

    private static void content(ObjectNode at) {
        if (at.path("content").isTextual()) {
            at.replace("content", list(at.get("content")));
        }
        for (JsonNode block : at.path("content")) {
            if (block.path("type").asText().equals("tool_result")) {
                content((ObjectNode) block);
                if (!block.path("is_error").asBoolean()) {
                    ((ObjectNode) block).remove("is_error");
                }
            }
        }
    }

    private static ArrayNode list(JsonNode text) {
        ArrayNode list = MAPPER.createArrayNode();
        list.addObject().put("type", "text").set("text", text);
        return list;
    }

    /** The vendor's own tools may stand elsewhere among them. */
    private static ArrayNode tools(JsonNode tools) {
        List<JsonNode> all = new ArrayList<>();
        tools.forEach(all::add);
        all.sort(Comparator.comparing(tool -> tool.path("name").asText()));
        for (JsonNode tool : all) {
            if (tool.path("description").asText().isEmpty()) {
                ((ObjectNode) tool).remove("description");
            }
        }
        return MAPPER.createArrayNode().addAll(all);
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
            ArrayNode all = MAPPER.createArrayNode();
            node.forEach(one -> all.add(values(one)));
            return all;
        }
        return node;
    }
}
