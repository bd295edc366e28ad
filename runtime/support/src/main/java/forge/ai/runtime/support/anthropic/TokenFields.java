package forge.ai.runtime.support.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;

/**
 * What an answer took. The interface counts the input that was read from the cache, that was written to it, and the rest
 * each on their own; {@link Usage#inputTokens} is all of them.
 */
public final class TokenFields {

    private static final String INPUT = "input_tokens";
    private static final String OUTPUT = "output_tokens";
    private static final String CACHE_READ = "cache_read_input_tokens";
    private static final String CACHE_WRITE = "cache_creation_input_tokens";

    private TokenFields() {}

    /** @param usage the object {@code usage} */
    public static Usage read(JsonNode usage) {
        long cached = Json.number(usage, CACHE_READ).orElse(0);
        long written = Json.number(usage, CACHE_WRITE).orElse(0);
        return new Usage(
                Json.number(usage, INPUT).orElse(0) + cached + written,
                Json.number(usage, OUTPUT).orElse(0),
                cached,
                written,
                Json.number(usage.path("output_tokens_details"), "thinking_tokens")
                        .orElse(0));
    }

    /** Writes the fields of an object {@code usage}, without its braces. */
    public static void write(JsonGenerator json, Usage usage) throws IOException {
        json.writeNumberField(
                INPUT, Math.max(0, usage.inputTokens() - usage.cachedInputTokens() - usage.cacheWriteTokens()));
        json.writeNumberField(CACHE_WRITE, usage.cacheWriteTokens());
        json.writeNumberField(CACHE_READ, usage.cachedInputTokens());
        json.writeNumberField(OUTPUT, usage.outputTokens());
        if (usage.reasoningTokens() > 0) {
            json.writeObjectFieldStart("output_tokens_details");
            json.writeNumberField("thinking_tokens", usage.reasoningTokens());
            json.writeEndObject();
        }
    }
}
