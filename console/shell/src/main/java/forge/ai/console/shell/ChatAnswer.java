package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Usage;
import java.io.IOException;
import java.util.Locale;

/** A whole answer as JSON. */
final class ChatAnswer {

    private ChatAnswer() {}

    static void write(JsonGenerator json, Completion answer) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", answer.model());
        if (answer.attribution().isPresent()) {
            Attribution attribution = answer.attribution().get();
            json.writeStringField("provider", attribution.provider());
            json.writeStringField("route", attribution.route());
            json.writeNumberField("attempts", attribution.attempts());
        }
        json.writeStringField("text", answer.text());
        json.writeStringField("finish", answer.finish().name().toLowerCase(Locale.ROOT));
        if (answer.usage().isPresent()) {
            Usage usage = answer.usage().get();
            json.writeNumberField("inputTokens", usage.inputTokens());
            json.writeNumberField("outputTokens", usage.outputTokens());
        }
        json.writeEndObject();
    }
}
