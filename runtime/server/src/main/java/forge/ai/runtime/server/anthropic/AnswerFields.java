package forge.ai.runtime.server.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.server.FreshId;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.anthropic.StopReasons;
import forge.ai.runtime.support.anthropic.TokenFields;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Writes what whole answers and events of streams have in common. */
final class AnswerFields {

    private static final Set<String> OWN = Set.of(
            "id",
            "type",
            "role",
            "model",
            "content",
            "stop_reason",
            "stop_sequence",
            "usage",
            "finish_reason",
            "error",
            "delta");

    /** Those that stand beside the reason of the end in a stream. */
    static final Predicate<String> OF_THE_END = Set.of("container", "stop_details")::contains;

    private AnswerFields() {}

    /**
     * @param id the vendor's, or empty
     * @param model in the provider's words, or empty
     * @param asked the model that was asked for
     */
    static void head(JsonGenerator json, String id, String model, String asked) throws IOException {
        json.writeStringField("id", id.isEmpty() ? FreshId.of("msg_") : id);
        json.writeStringField("type", "message");
        json.writeStringField("role", "assistant");
        json.writeStringField("model", model.isEmpty() ? asked : model);
    }

    /**
     * @param calls whether there are calls of tools: vendors differ in whether a call that had to be made ends the answer
     * @param refused whether there are words of refusal, which have no kind of their own here
     */
    static void end(
            JsonGenerator json,
            FinishReason finish,
            String stopSequence,
            Map<String, String> extensions,
            boolean calls,
            boolean refused)
            throws IOException {
        json.writeStringField("stop_reason", reason(finish, extensions, calls, refused));
        if (stopSequence.isEmpty()) {
            json.writeNullField("stop_sequence");
        } else {
            json.writeStringField("stop_sequence", stopSequence);
        }
    }

    private static String reason(FinishReason finish, Map<String, String> extensions, boolean calls, boolean refused) {
        if (finish == FinishReason.STOP) {
            return StopReasons.word(
                    calls ? FinishReason.TOOL_CALLS : refused ? FinishReason.REFUSAL : FinishReason.STOP);
        }
        // The vendor's own word is JSON text, a quoted string.
        String word = extensions.getOrDefault("finish_reason", "");
        return finish == FinishReason.OTHER && word.matches("\"[A-Za-z0-9_.-]+\"")
                ? word.substring(1, word.length() - 1)
                : StopReasons.word(finish);
    }

    static void usage(JsonGenerator json, Optional<Usage> known) throws IOException {
        json.writeObjectFieldStart("usage");
        TokenFields.write(json, known.orElse(Usage.of(0, 0)));
        json.writeEndObject();
    }

    /**
     * What else the vendor said, that of this dialect by its own names.
     *
     * @param which by their names
     */
    static void extensions(JsonGenerator json, Map<String, String> extensions, Predicate<String> which)
            throws IOException {
        Map<String, String> named = new TreeMap<>(Extensions.of("openai", extensions));
        named.putAll(Extensions.of(Messages.DIALECT, extensions));
        for (Map.Entry<String, String> extension : named.entrySet()) {
            if (!OWN.contains(extension.getKey()) && which.test(extension.getKey())) {
                json.writeFieldName(extension.getKey());
                Json.writeRaw(json, extension.getValue(), extension.getKey());
            }
        }
    }
}
