package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Writes what requests of all kinds have in common. */
final class OptionsWriter {

    private OptionsWriter() {}

    /** How tokens are chosen, as chats and plain completions both know it. */
    static void sampling(JsonGenerator json, GenerationOptions options, boolean official) throws IOException {
        if (options.temperature().isPresent()) {
            json.writeNumberField("temperature", options.temperature().getAsDouble());
        }
        if (options.topP().isPresent()) {
            json.writeNumberField("top_p", options.topP().getAsDouble());
        }
        if (options.frequencyPenalty().isPresent()) {
            json.writeNumberField(
                    "frequency_penalty", options.frequencyPenalty().getAsDouble());
        }
        if (options.presencePenalty().isPresent()) {
            json.writeNumberField("presence_penalty", options.presencePenalty().getAsDouble());
        }
        if (options.seed().isPresent()) {
            json.writeNumberField("seed", options.seed().getAsLong());
        }
        if (!official) {
            unofficial(json, options);
        }
    }

    private static void unofficial(JsonGenerator json, GenerationOptions options) throws IOException {
        if (options.topK().isPresent()) {
            json.writeNumberField("top_k", options.topK().getAsInt());
        }
        if (options.minP().isPresent()) {
            json.writeNumberField("min_p", options.minP().getAsDouble());
        }
        if (options.repetitionPenalty().isPresent()) {
            json.writeNumberField(
                    "repetition_penalty", options.repetitionPenalty().getAsDouble());
        }
    }

    /** Where to end, and for whom. */
    static void stopAndUser(JsonGenerator json, GenerationOptions options) throws IOException {
        if (!options.stop().isEmpty()) {
            json.writeArrayFieldStart("stop");
            for (String stop : options.stop()) {
                json.writeString(stop);
            }
            json.writeEndArray();
        }
        if (!options.user().isEmpty()) {
            json.writeStringField("user", options.user());
        }
    }

    /** Asks for a stream, with the usage at its end if the server knows how to be asked for it. */
    static void stream(JsonGenerator json, Dialect dialect) throws IOException {
        json.writeBooleanField("stream", true);
        if (dialect.older()) {
            return;
        }
        json.writeObjectFieldStart("stream_options");
        json.writeBooleanField("include_usage", true);
        json.writeEndObject();
    }

    /** @param own fields that the request has from elsewhere */
    static void extensions(JsonGenerator json, Map<String, String> extensions, Set<String> own) throws IOException {
        for (Map.Entry<String, String> extension :
                Extensions.of("openai", extensions).entrySet()) {
            if (!own.contains(extension.getKey())) {
                json.writeFieldName(extension.getKey());
                Json.writeRaw(json, extension.getValue(), extension.getKey());
            }
        }
    }
}
