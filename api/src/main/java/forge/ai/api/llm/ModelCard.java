package forge.ai.api.llm;

import java.util.Map;
import java.util.Objects;

/**
 * What is known about a model of a {@link ModelLibrary}.
 *
 * @param model its name, context window and capabilities
 * @param extensions what else the vendor says, such as template, parameters and licence: name (see
 *     {@link Extensions}) and JSON value as text
 */
public record ModelCard(LlmModel model, Map<String, String> extensions) {
    public ModelCard {
        Objects.requireNonNull(model, "model");
        extensions = Map.copyOf(extensions);
    }
}
