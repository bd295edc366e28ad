package forge.ai.runtime.server.responses;

import forge.ai.api.llm.Content;
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

    /** The thought again; empty if nothing is left of it here. What somebody else has sealed is left out. */
    static Optional<Content> open(String text, String sealed) {
        String signature = sealed.startsWith(SIGNATURE) ? sealed.substring(SIGNATURE.length()) : "";
        String redacted = sealed.startsWith(REDACTED) ? sealed.substring(REDACTED.length()) : "";
        return text.isEmpty() && signature.isEmpty() && redacted.isEmpty()
                ? Optional.empty()
                : Optional.of(new Content.Thinking(text, signature, redacted));
    }
}
