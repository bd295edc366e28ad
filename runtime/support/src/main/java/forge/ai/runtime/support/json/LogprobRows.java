package forge.ai.runtime.support.json;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/** Reads how likely tokens were, from rows of {@code token}, {@code logprob} and {@code top_logprobs}. */
public final class LogprobRows {

    private LogprobRows() {}

    /** Of a list; of anything else none. */
    public static List<TokenLogprob> of(JsonNode rows) {
        List<TokenLogprob> all = new ArrayList<>();
        for (JsonNode token : rows) {
            List<TokenLogprob> others = new ArrayList<>();
            for (JsonNode other : token.path("top_logprobs")) {
                others.add(logprob(other, List.of()));
            }
            all.add(logprob(token, others));
        }
        return all;
    }

    private static TokenLogprob logprob(JsonNode token, List<TokenLogprob> others) {
        return new TokenLogprob(Json.text(token, "token"), token.path("logprob").asDouble(), others);
    }
}
