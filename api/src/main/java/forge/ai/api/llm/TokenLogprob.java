package forge.ai.api.llm;

import java.util.List;
import java.util.Objects;

/**
 * How likely a token was.
 *
 * @param token its text
 * @param logprob natural logarithm of its probability, 0 or less
 * @param alternatives the likeliest tokens at that place, themselves without alternatives
 */
public record TokenLogprob(String token, double logprob, List<TokenLogprob> alternatives) {
    public TokenLogprob {
        Objects.requireNonNull(token, "token");
        alternatives = List.copyOf(alternatives);
    }
}
