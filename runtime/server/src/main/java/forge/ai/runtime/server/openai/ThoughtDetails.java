package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.Content;
import forge.ai.runtime.server.Fields;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Thoughts with what their vendor needs to take them back, in the field {@code reasoning_details} that gateways of this
 * dialect use for it; OpenAI's own has none. A client that repeats a message of the assistant repeats it whole, and so
 * the thought reaches its vendor again.
 */
final class ThoughtDetails {

    static final String FIELD = "reasoning_details";

    private static final String TEXT = "reasoning.text";
    private static final String ENCRYPTED = "reasoning.encrypted";

    private ThoughtDetails() {}

    /** The thoughts that have a proof or are encrypted. */
    static List<Content.Thinking> proven(List<Content> content) {
        return content.stream()
                .filter(Content.Thinking.class::isInstance)
                .map(Content.Thinking.class::cast)
                .filter(t -> !t.signature().isEmpty() || !t.redacted().isEmpty())
                .toList();
    }

    /** @param first the number of the first of them in the answer */
    static void write(JsonGenerator json, List<Content.Thinking> thoughts, int first) throws IOException {
        int index = first;
        json.writeArrayFieldStart(FIELD);
        for (Content.Thinking thought : thoughts) {
            json.writeStartObject();
            if (thought.redacted().isEmpty()) {
                json.writeStringField("type", TEXT);
                json.writeStringField("text", thought.text());
                json.writeStringField("signature", thought.signature());
            } else {
                json.writeStringField("type", ENCRYPTED);
                json.writeStringField("data", thought.redacted());
            }
            json.writeNumberField("index", index++);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The thoughts of a message of the assistant; those of kinds that are not known are left out. */
    static List<Content> read(Fields message) {
        return message.has(FIELD)
                ? message.objects(FIELD).stream()
                        .flatMap(detail -> thought(detail).stream())
                        .toList()
                : List.of();
    }

    private static Optional<Content> thought(Fields detail) {
        return switch (detail.text("type").orElse("")) {
            case TEXT ->
                Optional.of(new Content.Thinking(
                        detail.text("text").orElse(""), detail.text("signature").orElse(""), ""));
            case ENCRYPTED -> Optional.of(new Content.Thinking("", "", detail.required("data")));
            default -> Optional.empty();
        };
    }
}
