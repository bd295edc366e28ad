package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.ModelCard;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.ollama.Capabilities;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what Ollama says about models. */
final class ModelReader {

    private ModelReader() {}

    /**
     * An entry of the list.
     *
     * @param details what is known of the model besides, or null
     */
    static LlmModel listed(String name, JsonNode entry, @Nullable LlmModel details) {
        return new LlmModel(
                name,
                "",
                time(entry),
                details == null ? OptionalInt.empty() : details.contextTokens(),
                details == null ? Set.of() : details.capabilities());
    }

    /** What there is to say about one model. */
    static ModelCard card(String name, JsonNode root) {
        Map<String, String> extensions = new HashMap<>();
        root.properties()
                .forEach(field -> extensions.put(
                        Extensions.name("ollama", field.getKey()),
                        field.getValue().toString()));
        LlmModel model = new LlmModel(
                name, "", time(root), window(root.path("model_info")), Capabilities.read(root.path("capabilities")));
        return new ModelCard(model, extensions);
    }

    /** It stands under the name of the architecture. */
    private static OptionalInt window(JsonNode info) {
        OptionalLong tokens = Json.number(info, Json.text(info, "general.architecture") + ".context_length");
        return tokens.isPresent() && tokens.getAsLong() > 0 && tokens.getAsLong() <= Integer.MAX_VALUE
                ? OptionalInt.of((int) tokens.getAsLong())
                : OptionalInt.empty();
    }

    private static Optional<Instant> time(JsonNode entry) {
        try {
            return Optional.of(
                    OffsetDateTime.parse(Json.text(entry, "modified_at")).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
