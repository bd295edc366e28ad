package forge.ai.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.GenerationOptions;
import java.io.IOException;
import java.util.List;

/** Writes how tokens are to be drawn, where to end, and for whom. */
final class OptionsWriter {

    /** The field that is put together from the user's name and what else there is. */
    static final String METADATA = "metadata";

    private final GenerationOptions options;
    private final Omissions omissions;

    OptionsWriter(GenerationOptions options, Omissions omissions) {
        this.options = options;
        this.omissions = omissions;
    }

    /** Whether it is said how tokens are to be drawn. */
    boolean samples() {
        return options.temperature().isPresent()
                || options.topP().isPresent()
                || options.topK().isPresent();
    }

    void sampling(JsonGenerator json, Sampling taken) throws IOException {
        boolean one = taken == Sampling.ONE;
        if (options.temperature().isPresent()) {
            // Others count up to 2.
            json.writeNumberField(
                    Sampling.TEMPERATURE, Math.min(1, options.temperature().getAsDouble()));
        }
        if (options.topP().isPresent() && !(one && options.temperature().isPresent())) {
            json.writeNumberField(Sampling.TOP_P, options.topP().getAsDouble());
        } else if (options.topP().isPresent()) {
            omissions.tell(Sampling.TOP_P, "the model does not take it together with a temperature");
        }
        if (options.topK().isPresent()) {
            json.writeNumberField(Sampling.TOP_K, options.topK().getAsInt());
        }
    }

    void stop(JsonGenerator json) throws IOException {
        List<String> stop =
                options.stop().stream().filter(text -> !text.isBlank()).toList();
        if (stop.size() < options.stop().size()) {
            omissions.tell("a stop sequence of white space", "the interface does not take it");
        }
        if (!stop.isEmpty()) {
            json.writeArrayFieldStart("stop_sequences");
            for (String text : stop) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
    }

    void metadata(JsonGenerator json, Extras extras) throws IOException {
        ObjectNode metadata = extras.object(METADATA);
        if (!options.user().isEmpty()) {
            metadata.put("user_id", options.user());
        }
        if (!metadata.isEmpty()) {
            json.writeFieldName(METADATA);
            json.writeRawValue(metadata.toString());
        }
    }
}
