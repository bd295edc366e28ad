package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Optional;

/**
 * The part of a thought that no client can read, in the one field that this dialect has for it: either the proof of the
 * thought or the encrypted thought itself.
 */
final class SealedThought {

    private static final String SIGNATURE = "forge.s.";
    private static final String REDACTED = "forge.r.";

    private SealedThought() {}

    /** What to show of it; empty if there is nothing. */
    static String seal(String signature, String redacted) {
        if (!signature.isEmpty()) {
            return SIGNATURE + signature;
        }
        return redacted.isEmpty() ? "" : REDACTED + redacted;
    }

    /**
     * An item of an input as whoever made it knows it: a thought that was sealed here is its maker's own item again, or
     * nothing if that was of another kind; all else stays as it is.
     */
    static Optional<JsonNode> opened(JsonNode item) {
        String sealed = Json.text(item, "encrypted_content");
        if (!sealed.startsWith(SIGNATURE) && !sealed.startsWith(REDACTED)) {
            return Optional.of(item);
        }
        try {
            return Optional.of(Json.read(sealed.substring(SIGNATURE.length())))
                    .filter(own -> Json.text(own, "type").equals("reasoning"));
        } catch (IOException e) {
            // The proof of another vendor.
            return Optional.empty();
        }
    }

    /** The thought again; empty if nothing is left of it here. What somebody else has sealed is left out. */
    static Optional<Content> open(String text, String sealed) {
        String signature = sealed.startsWith(SIGNATURE) ? sealed.substring(SIGNATURE.length()) : "";
        String redacted = sealed.startsWith(REDACTED) ? sealed.substring(REDACTED.length()) : "";
        return text.isEmpty() && signature.isEmpty() && redacted.isEmpty()
                ? Optional.empty()
                : Optional.of(new Content.Thinking(text, signature, redacted));
    }
}
