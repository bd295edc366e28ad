package forge.ai.runtime.server.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.Wire;
import forge.ai.api.llm.WireOnly;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.RequestWire;
import forge.ai.runtime.server.Unheld;
import forge.ai.runtime.support.anthropic.Messages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads requests for messages and for counts of their tokens. What has no common form goes along as extensions. */
final class MessagesRequestReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "system",
            "max_tokens",
            "stop_sequences",
            "stream",
            "temperature",
            "top_p",
            "top_k",
            "tools",
            "tool_choice",
            "thinking",
            "metadata",
            "output_config",
            "output_format");

    private MessagesRequestReader() {}

    /** @param bytes the body as it stands */
    static ChatRequest read(Exchange exchange, Fields body, byte[] bytes) {
        ApiVersion.of(exchange).check(body);
        ChatRequest.Builder request = ChatRequest.builder(body.required("model"))
                .messages(MessageReader.read(body))
                .tools(ToolReader.read(body))
                .toolChoice(ToolReader.choice(body))
                .format(OptionsReader.format(body))
                .options(OptionsReader.read(body))
                .extensions(extensions(exchange, body))
                .wire(RequestWire.of(Wire.ANTHROPIC_MESSAGES, bytes, body));
        unheld(body).ifPresent(request::wireOnly);
        return request.build();
    }

    /** What the vendor does on its own side; asked of another it would be missing without a word. */
    private static Optional<WireOnly> unheld(Fields body) {
        Unheld unheld = new Unheld();
        for (Fields tool : ToolReader.all(body)) {
            if (!ToolReader.common(tool)) {
                unheld.add(tool, "type", "only Anthropic has tools of this type; describe yours by an input_schema");
            }
        }
        if (body.has("mcp_servers")) {
            unheld.add(body, "mcp_servers", "only Anthropic asks such servers itself");
        }
        return unheld.first();
    }

    private static Map<String, String> extensions(Exchange exchange, Fields body) {
        Map<String, String> extensions = new TreeMap<>();
        body.node().properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey()) && !field.getValue().isNull()) {
                put(extensions, field.getKey(), field.getValue().toString());
            }
        });
        rest(extensions, body, "metadata", Set.of("user_id"));
        rest(extensions, body, "output_config", Set.of("effort", "format"));
        if (body.has("thinking") && !OptionsReader.held(body.object("thinking"))) {
            put(extensions, "thinking", body.object("thinking").node().toString());
        }
        tools(extensions, body);
        List<String> betas = exchange.header("anthropic-beta").stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .filter(beta -> !beta.isEmpty())
                .toList();
        if (!betas.isEmpty()) {
            var list = JsonNodeFactory.instance.arrayNode();
            betas.forEach(list::add);
            put(extensions, "betas", list.toString());
        }
        return extensions;
    }

    /** Tools that only the vendor knows as a list; of the others, what they have besides, by their names. */
    private static void tools(Map<String, String> extensions, Fields body) {
        var foreign = JsonNodeFactory.instance.arrayNode();
        var besides = JsonNodeFactory.instance.objectNode();
        for (Fields tool : ToolReader.all(body)) {
            if (!ToolReader.common(tool)) {
                foreign.add(tool.node());
            } else {
                ObjectNode left = left(tool, ToolReader.HELD);
                if (!left.isEmpty()) {
                    besides.set(tool.required("name"), left);
                }
            }
        }
        if (!foreign.isEmpty()) {
            put(extensions, "tools", foreign.toString());
        }
        if (!besides.isEmpty()) {
            put(extensions, "tool_fields", besides.toString());
        }
    }

    private static void rest(Map<String, String> extensions, Fields body, String name, Set<String> held) {
        if (body.has(name)) {
            ObjectNode left = left(body.object(name), held);
            if (!left.isEmpty()) {
                put(extensions, name, left.toString());
            }
        }
    }

    private static ObjectNode left(Fields object, Set<String> held) {
        ObjectNode left = JsonNodeFactory.instance.objectNode();
        object.node().properties().forEach(field -> {
            if (!held.contains(field.getKey()) && !field.getValue().isNull()) {
                left.set(field.getKey(), field.getValue());
            }
        });
        return left;
    }

    private static void put(Map<String, String> extensions, String name, String json) {
        extensions.put(Extensions.name(Messages.DIALECT, name), json);
    }
}
