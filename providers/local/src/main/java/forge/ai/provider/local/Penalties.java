package forge.ai.provider.local;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Makes tokens that were there before less likely. */
final class Penalties {

    private final Sampling sampling;
    private final boolean active;
    private final Set<Integer> seen = new HashSet<>();
    private final Map<Integer, Integer> generated = new HashMap<>();

    Penalties(Sampling sampling, int[] prompt) {
        this.sampling = sampling;
        this.active = sampling.repetitionPenalty() != 1
                || sampling.frequencyPenalty() != 0
                || sampling.presencePenalty() != 0;
        if (active) {
            for (int token : prompt) {
                seen.add(token);
            }
        }
    }

    void generated(int token) {
        if (active) {
            seen.add(token);
            generated.merge(token, 1, Integer::sum);
        }
    }

    /** Repetition as in CTRL (Keskar et al. 2019, section 4.1); frequency and presence as OpenAI describes them. */
    void apply(float[] logits) {
        double repetition = sampling.repetitionPenalty();
        for (int token : seen) {
            float logit = logits[token];
            logits[token] = (float) (logit > 0 ? logit / repetition : logit * repetition);
        }
        generated.forEach((token, count) ->
                logits[token] -= (float) (count * sampling.frequencyPenalty() + sampling.presencePenalty()));
    }
}
