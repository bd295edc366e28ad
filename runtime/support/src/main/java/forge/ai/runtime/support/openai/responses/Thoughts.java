package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Items of reasoning as thoughts. The whole item is the proof of its thought, so that it goes back as it came, with its
 * id, its parts and what is encrypted; where nothing of it can be read, it is the hidden thought itself.
 */
final class Thoughts {

    /** What stands between the parts of a thought. */
    static final String BETWEEN = "\n\n";

    private static final String TYPE = "reasoning";

    private Thoughts() {}

    static boolean is(JsonNode item) {
        return Json.text(item, "type").equals(TYPE);
    }

    /** Empty if it says nothing and cannot be used again. */
    static Optional<Content> of(JsonNode item) {
        String text = text(item);
        String proof = proof(item);
        if (text.isEmpty()) {
            return proof.isEmpty() ? Optional.empty() : Optional.of(new Content.Thinking("", "", proof));
        }
        return Optional.of(new Content.Thinking(text, proof, ""));
    }

    /** What can be read of it. */
    static String text(JsonNode item) {
        List<String> parts = new ArrayList<>();
        for (String list : List.of("content", "summary")) {
            for (JsonNode part : item.path(list)) {
                parts.add(Json.text(part, "text"));
            }
        }
        parts.removeIf(String::isEmpty);
        return String.join(BETWEEN, parts);
    }

    /** The item as it stands; empty for one that the upstream would have to have kept, because it holds no thought. */
    static String proof(JsonNode item) {
        boolean holds = Json.present(item, "encrypted_content").isPresent()
                || Json.present(item, "content").isPresent();
        return holds ? item.toString() : "";
    }

    /** The item that the thought was read from; empty if it comes from elsewhere. */
    static Optional<String> item(Content.Thinking thought) {
        String proof = thought.signature().isEmpty() ? thought.redacted() : thought.signature();
        if (!proof.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return is(Json.read(proof)) ? Optional.of(proof) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
