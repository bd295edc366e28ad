package forge.ai.runtime.server.anthropic;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.anthropic.BlockWriter;
import forge.ai.runtime.support.json.Json;
import java.nio.charset.StandardCharsets;

/** Writes whole answers. */
final class MessageWriter {

    private MessageWriter() {}

    /** The answer as it came, if it came in this dialect; else in its words. */
    static byte[] write(Completion completion, String asked) {
        return completion
                .wire()
                .filter(wire -> wire.dialect().equals(Wire.ANTHROPIC_MESSAGES))
                .map(wire -> wire.json().getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> Json.write(document(completion, asked)));
    }

    private static Json.Document document(Completion completion, String asked) {
        boolean refused = completion.content().stream().anyMatch(Content.Refusal.class::isInstance);
        return json -> {
            json.writeStartObject();
            AnswerFields.head(json, completion.id(), completion.model(), asked);
            json.writeArrayFieldStart("content");
            for (Content content : completion.content()) {
                BlockWriter.write(json, CallArguments.sound(content));
            }
            json.writeEndArray();
            AnswerFields.end(
                    json,
                    completion.finish(),
                    completion.stopSequence(),
                    completion.extensions(),
                    !completion.toolCalls().isEmpty(),
                    refused);
            AnswerFields.usage(json, completion.usage());
            AnswerFields.extensions(json, completion.extensions(), name -> true);
            json.writeEndObject();
        };
    }
}
