package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients have sent to the Responses goes out as it was, made anew from our own requests. */
@Timeout(60)
class RecordedResponsesRequestsTest {

    private final ScriptedUpstream upstream = new ScriptedUpstream();

    @AfterEach
    void close() {
        upstream.close();
    }

    static List<Recording> requests() {
        return Recording.in("openai/responses", "azure/responses").stream()
                .filter(r -> r.request().isObject())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestGoesOutAsItWas(Recording recording) throws Exception {
        upstream.script(x -> x.answer(400, "application/json", "{}"));
        OpenAiProvider provider = new OpenAiProvider(Settings.of(Configs.of(
                OpenAiProviderComponent.Config.class,
                Map.of("baseUrl", upstream.uri().toString(), "api", "responses"))));
        ChatRequest request = new RecordedResponsesRequest(recording.request()).chat();

        assertThatThrownBy(() -> {
                    if (recording.request().path("stream").asBoolean()) {
                        Completion.of(provider.streamChat(request));
                    } else {
                        provider.chat(request);
                    }
                })
                .isInstanceOf(InvalidRequestException.class);

        provider.close();
        assertThat(upstream.requests().getFirst().path()).endsWith("/responses");
        JsonNode sent =
                new ObjectMapper().readTree(upstream.requests().getFirst().body());
        assertThat(normal(sent)).isEqualTo(normal(recording.request().deepCopy()));
    }

    /** Takes out what says nothing and what is the same in other words. */
    private static JsonNode normal(JsonNode request) {
        ObjectNode root = (ObjectNode) request;
        root.properties().removeIf(field -> field.getValue().isNull());
        for (String flag : List.of("stream", "store")) {
            if (!root.path(flag).asBoolean()) {
                root.remove(flag);
            }
        }
        if (root.path("tool_choice").asText().equals("auto")) {
            root.remove("tool_choice");
        }
        for (String number : List.of("temperature", "top_p")) {
            if (root.has(number)) {
                root.put(number, root.get(number).doubleValue());
            }
        }
        root.path("reasoning").properties().removeIf(field -> field.getValue().isNull());
        root.set("include", included(root));
        if (root.at("/text/format/type").asText().equals("text")) {
            ((ObjectNode) root.get("text")).remove("format");
        }
        for (String container : List.of("text", "tools", "include", "reasoning")) {
            if (root.path(container).isEmpty()) {
                root.remove(container);
            }
        }
        if (root.path("input").isTextual()) {
            String input = root.get("input").textValue();
            root.putArray("input").addObject().put("role", "user").put("content", input);
        }
        root.set("input", items(root.path("input")));
        root.set("tools", tools(root.path("tools")));
        return root;
    }

    /** Without what we ask for ourselves, because nothing is kept. */
    private static ArrayNode included(ObjectNode root) {
        ArrayNode kept = root.arrayNode();
        for (JsonNode one : root.path("include")) {
            if (!one.asText().equals("reasoning.encrypted_content")) {
                kept.add(one);
            }
        }
        return kept;
    }

    /** Functions first, as we have them; each says whether it is strict. */
    private static ArrayNode tools(JsonNode tools) {
        List<JsonNode> functions = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode tool : tools) {
            boolean function = tool.path("type").asText().equals("function");
            (function ? functions : others).add(tool);
            if (function) {
                ((ObjectNode) tool).put("strict", tool.path("strict").asBoolean());
                if (tool.path("description").asText("").isEmpty()) {
                    ((ObjectNode) tool).remove("description");
                }
            }
        }
        functions.addAll(others);
        return new ObjectMapper().createArrayNode().addAll(functions);
    }

    private static ArrayNode items(JsonNode input) {
        ArrayNode items = new ObjectMapper().createArrayNode();
        for (JsonNode item : input) {
            switch (item.path("type").asText("message")) {
                case "message" -> items.add(message((ObjectNode) item));
                case "function_call", "function_call_output" ->
                    items.add(((ObjectNode) item).without(List.of("id", "status")));
                case "reasoning" -> {
                    // Without its thought it is a reference to what the vendor would have to have kept.
                    if (item.path("encrypted_content").isTextual()) {
                        items.add(item);
                    }
                }
                default -> items.add(item);
            }
        }
        return items;
    }

    private static ObjectNode message(ObjectNode message) {
        message.remove(List.of("id", "status", "type", "phase"));
        JsonNode content = message.path("content");
        content.forEach(part -> ((ObjectNode) part).remove(List.of("annotations", "logprobs")));
        if (content.size() == 1 && content.get(0).has("text")) {
            message.set("content", content.get(0).get("text"));
        }
        return message;
    }
}
