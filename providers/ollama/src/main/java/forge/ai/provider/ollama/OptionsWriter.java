package forge.ai.provider.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.ollama.Think;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Writes what requests of all kinds have in common. */
final class OptionsWriter {

    private static final String OPTIONS = "options";
    private static final String KEEP_ALIVE = "keep_alive";

    private final JsonGenerator json;
    private final Set<String> written = new HashSet<>();

    private OptionsWriter(JsonGenerator json) {
        this.json = json;
    }

    /** The fields of Ollama's own among those without a common form, by their names. */
    static Map<String, String> own(Map<String, String> extensions) {
        return Extensions.of("ollama", extensions);
    }

    /** How tokens are chosen, with the options that only Ollama knows, and whatever else a caller says of the kind. */
    static void generation(JsonGenerator json, GenerationOptions options, Map<String, String> own) throws IOException {
        json.writeObjectFieldStart(OPTIONS);
        OptionsWriter writer = new OptionsWriter(json);
        writer.common(options);
        writer.others(own.getOrDefault(OPTIONS, "{}"));
        json.writeEndObject();
        if (options.logprobs().isPresent()) {
            json.writeBooleanField("logprobs", true);
            json.writeNumberField("top_logprobs", options.logprobs().getAsInt());
        }
        if (options.reasoning().isPresent()) {
            json.writeFieldName("think");
            json.writeRawValue(Think.write(options.reasoning().get()));
        }
    }

    private void common(GenerationOptions options) throws IOException {
        number("num_predict", options.maxTokens());
        number("temperature", options.temperature());
        number("top_p", options.topP());
        number("top_k", options.topK());
        number("min_p", options.minP());
        number("repeat_penalty", options.repetitionPenalty());
        number("frequency_penalty", options.frequencyPenalty());
        number("presence_penalty", options.presencePenalty());
        if (options.seed().isPresent()) {
            written.add("seed");
            json.writeNumberField("seed", options.seed().getAsLong());
        }
        if (!options.stop().isEmpty()) {
            written.add("stop");
            json.writeArrayFieldStart("stop");
            for (String stop : options.stop()) {
                json.writeString(stop);
            }
            json.writeEndArray();
        }
    }

    private void number(String name, OptionalInt value) throws IOException {
        if (value.isPresent()) {
            written.add(name);
            json.writeNumberField(name, value.getAsInt());
        }
    }

    private void number(String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            written.add(name);
            json.writeNumberField(name, value.getAsDouble());
        }
    }

    private void others(String options) throws IOException {
        JsonNode object;
        try {
            object = Json.read(options);
        } catch (IOException e) {
            throw new InvalidRequestException("options is not JSON");
        }
        for (Map.Entry<String, JsonNode> option : object.properties()) {
            if (!written.contains(option.getKey())) {
                json.writeFieldName(option.getKey());
                json.writeRawValue(option.getValue().toString());
            }
        }
    }

    /**
     * The fields of Ollama's own as they stand, and how long to keep the model where they do not say it.
     *
     * @param used fields that the request has from elsewhere
     */
    static void own(JsonGenerator json, Map<String, String> own, String keepAlive, Set<String> used)
            throws IOException {
        if (!keepAlive.isEmpty() && !own.containsKey(KEEP_ALIVE)) {
            json.writeFieldName(KEEP_ALIVE);
            json.writeRawValue(keepAlive);
        }
        for (Map.Entry<String, String> field : own.entrySet()) {
            if (!used.contains(field.getKey())) {
                json.writeFieldName(field.getKey());
                Json.writeRaw(json, field.getValue(), field.getKey());
            }
        }
    }
}
