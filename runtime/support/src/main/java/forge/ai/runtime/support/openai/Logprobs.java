package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.runtime.support.json.LogprobRows;
import java.util.ArrayList;
import java.util.List;

/** Reads how likely tokens were, in the form of chats and in that of plain completions. */
final class Logprobs {

    private Logprobs() {}

    static List<TokenLogprob> of(JsonNode choice) {
        JsonNode logprobs = choice.path("logprobs");
        return logprobs.path("tokens").isArray() ? columns(logprobs) : LogprobRows.of(logprobs.path("content"));
    }

    private static List<TokenLogprob> columns(JsonNode logprobs) {
        List<TokenLogprob> all = new ArrayList<>();
        JsonNode tokens = logprobs.path("tokens");
        for (int i = 0; i < tokens.size(); i++) {
            List<TokenLogprob> others = new ArrayList<>();
            logprobs.path("top_logprobs")
                    .path(i)
                    .properties()
                    .forEach(other -> others.add(
                            new TokenLogprob(other.getKey(), other.getValue().asDouble(), List.of())));
            // The first token of an echoed prompt has none: nothing stands before it.
            double logprob = logprobs.path("token_logprobs").path(i).asDouble(0);
            all.add(new TokenLogprob(tokens.get(i).asText(), logprob, others));
        }
        return all;
    }
}
