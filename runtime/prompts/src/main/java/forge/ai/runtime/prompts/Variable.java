package forge.ai.runtime.prompts;

import forge.ai.api.prompt.PromptVariable;
import java.util.Optional;

/**
 * A variable of a prompt.
 *
 * @param fallback what stands in the text where no value is given; empty of one that is required
 */
record Variable(String name, String description, Kind kind, Optional<String> fallback) {

    PromptVariable described() {
        return new PromptVariable(name, kind.type(), description, fallback.isEmpty(), allowed());
    }

    String allowed() {
        return kind.allowed()
                + fallback.map(text -> text.isEmpty() ? "; may be left out" : "; '" + text + "' if left out")
                        .orElse("");
    }
}
