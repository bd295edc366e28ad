package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes chat requests as requests for responses. The upstream is not to keep them, unless an extension says so; then
 * thoughts are asked for in encrypted form, so that they can be handed back.
 */
final class RequestWriter {

    private static final Set<String> OWN = Set.of(
            "model",
            "instructions",
            "input",
            "messages",
            "tools",
            "reasoning",
            "text",
            "verbosity",
            "include",
            "stream",
            "stream_options",
            "store");

    private final JsonGenerator json;
    private final ChatRequest request;
    private final RequestExtensions extensions;
    private final String summary;

    private RequestWriter(JsonGenerator json, ChatRequest request, String summary) {
        this.json = json;
        this.request = request;
        this.extensions = new RequestExtensions(request.extensions());
        this.summary = summary;
    }

    /** @param summary in what words thoughts are asked for where the request does not say; may be empty */
    static byte[] write(ChatRequest request, boolean stream, String summary) {
        if (!request.options().stop().isEmpty()) {
            throw new UnsupportedException("OpenAI's Responses know no stop texts; leave them out, or set api to chat");
        }
        return Json.write(json -> new RequestWriter(json, request, summary).write(stream));
    }

    private void write(boolean stream) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", request.model());
        messages();
        new ToolWriter(json, request).write(extensions.list("tools"));
        object("text", format());
        options(request.options());
        Map<String, String> reasoning = reasoning();
        object("reasoning", reasoning);
        json.writeBooleanField("store", extensions.is("store"));
        include(!reasoning.isEmpty());
        if (stream) {
            json.writeBooleanField("stream", true);
        }
        extensions.write(json, OWN);
        json.writeEndObject();
    }

    /** Words of the system that stand first and are not all there is are instructions. */
    private void messages() throws IOException {
        List<Message> messages = request.messages();
        boolean instructed = messages.size() > 1
                && messages.getFirst().role() == Message.Role.SYSTEM
                && messages.getFirst().content().stream()
                        .allMatch(c -> c instanceof Content.Text || c instanceof Content.CachePoint);
        if (instructed) {
            json.writeStringField(
                    "instructions", Content.text(messages.getFirst().content()));
        }
        new InputWriter(json).write(instructed ? messages.subList(1, messages.size()) : messages);
    }

    private Map<String, String> format() {
        Map<String, String> text = new LinkedHashMap<>(extensions.object("text"));
        extensions.value("verbosity").ifPresent(v -> text.put("verbosity", v));
        switch (request.format()) {
            case ResponseFormat.Text any -> {
                // What it is without the field.
            }
            case ResponseFormat.Json any -> text.put("format", "{\"type\":\"json_object\"}");
            case ResponseFormat.JsonSchema schema ->
                text.put("format", RequestExtensions.text(out -> {
                    out.writeStartObject();
                    out.writeStringField("type", "json_schema");
                    out.writeStringField("name", schema.name());
                    out.writeFieldName("schema");
                    Json.writeRaw(out, schema.schema(), "the schema of the response format");
                    out.writeBooleanField("strict", schema.strict());
                    out.writeEndObject();
                }));
        }
        return text;
    }

    private void options(GenerationOptions options) throws IOException {
        if (options.maxTokens().isPresent()) {
            json.writeNumberField("max_output_tokens", options.maxTokens().getAsInt());
        }
        if (options.temperature().isPresent()) {
            json.writeNumberField("temperature", options.temperature().getAsDouble());
        }
        if (options.topP().isPresent()) {
            json.writeNumberField("top_p", options.topP().getAsDouble());
        }
        if (options.logprobs().isPresent()) {
            json.writeNumberField("top_logprobs", options.logprobs().getAsInt());
        }
        if (!options.user().isEmpty()) {
            json.writeStringField("user", options.user());
        }
    }

    private Map<String, String> reasoning() {
        Map<String, String> reasoning = new LinkedHashMap<>(extensions.object("reasoning"));
        request.options().reasoning().ifPresent(asked -> {
            if (!asked.effort().isEmpty()) {
                reasoning.put("effort", RequestExtensions.text(out -> out.writeString(asked.effort())));
            }
            if (!summary.isEmpty() && !asked.effort().equals("none")) {
                reasoning.putIfAbsent("summary", "\"" + summary + "\"");
            }
        });
        return reasoning;
    }

    private void object(String name, Map<String, String> fields) throws IOException {
        if (fields.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> field : fields.entrySet()) {
            json.writeFieldName(field.getKey());
            Json.writeRaw(json, field.getValue(), field.getKey());
        }
        json.writeEndObject();
    }

    /** Models that do not think refuse to be asked for encrypted thoughts; so only those are that are known to. */
    private void include(boolean thinks) throws IOException {
        List<String> include = new ArrayList<>(extensions.list("include"));
        boolean thought = request.messages().stream()
                .flatMap(m -> m.content().stream())
                .anyMatch(
                        c -> c instanceof Content.Thinking t && Thoughts.item(t).isPresent());
        if ((thinks || thought) && !extensions.is("store")) {
            include.add("\"reasoning.encrypted_content\"");
        }
        if (request.options().logprobs().isPresent()) {
            include.add("\"message.output_text.logprobs\"");
        }
        if (!include.isEmpty()) {
            json.writeArrayFieldStart("include");
            for (String one : include.stream().distinct().toList()) {
                json.writeRawValue(one);
            }
            json.writeEndArray();
        }
    }
}
