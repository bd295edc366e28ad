package forge.ai.provider.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The call of a tool that a model has to make. Ollama has no field for that, but it can hold the answer to a schema: one
 * of a call, so that the model cannot but call. The tools are told in a message then, and the answer's text is the call.
 */
final class ForcedCall {

    private final ChatRequest request;
    private final List<Tool> tools;

    private ForcedCall(ChatRequest request, List<Tool> tools) {
        this.request = request;
        this.tools = tools;
    }

    /** That of the request; null if the model may do as it likes. */
    static @Nullable ForcedCall of(ChatRequest request) {
        return switch (request.toolChoice()) {
            case ToolChoice.Auto auto -> null;
            case ToolChoice.None none -> null;
            case ToolChoice.Required required -> among(request, request.tools());
            case ToolChoice.Named named ->
                among(
                        request,
                        request.tools().stream()
                                .filter(tool -> tool.name().equals(named.name()))
                                .toList());
        };
    }

    private static ForcedCall among(ChatRequest request, List<Tool> tools) {
        if (tools.isEmpty()) {
            throw new InvalidRequestException("a tool has to be called, but it is not among the tools of the request");
        }
        return new ForcedCall(request, tools);
    }

    /** The request to send in place of the one with the tools. */
    ChatRequest instructed() {
        List<Message> messages = new ArrayList<>();
        messages.add(Message.system("Call one of these tools now. Answer with a JSON object of its \"name\" and its "
                + "\"arguments\" alone. Tools: "
                + text(json -> {
                    json.writeStartArray();
                    for (Tool tool : tools) {
                        ChatRequestWriter.function(json, tool);
                    }
                    json.writeEndArray();
                })));
        messages.addAll(request.messages());
        return ChatRequest.builder(request.model())
                .messages(messages)
                .format(new ResponseFormat.JsonSchema("call", text(this::schema), true))
                .options(request.options())
                .extensions(request.extensions())
                .build();
    }

    private static String text(Json.Document document) {
        return new String(Json.write(document), StandardCharsets.UTF_8);
    }

    private void schema(JsonGenerator json) throws IOException {
        if (tools.size() == 1) {
            call(json, tools.getFirst());
            return;
        }
        json.writeStartObject();
        json.writeArrayFieldStart("anyOf");
        for (Tool tool : tools) {
            call(json, tool);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void call(JsonGenerator json, Tool tool) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "object");
        json.writeObjectFieldStart("properties");
        json.writeObjectFieldStart("name");
        json.writeStringField("const", tool.name());
        json.writeEndObject();
        json.writeFieldName("arguments");
        ChatRequestWriter.parameters(json, tool);
        json.writeEndObject();
        json.writeArrayFieldStart("required");
        json.writeString("name");
        json.writeString("arguments");
        json.writeEndArray();
        json.writeEndObject();
    }

    /** The text of the answer in the form that Ollama gives calls. */
    JsonNode read(String text, UpstreamErrors errors, HttpAnswer answer) {
        JsonNode call;
        try {
            call = Json.read(text);
        } catch (IOException e) {
            throw errors.protocol("an answer that is not the call of a tool that it has to be", answer);
        }
        String name = Json.text(call, "name");
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw errors.protocol("an answer that calls another tool than it has to", answer);
        }
        return JsonNodeFactory.instance.objectNode().set("function", call);
    }
}
