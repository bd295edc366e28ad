package forge.ai.runtime.conversations;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many characters a token of each model has, learned from what its answers said they took. The models used least
 * recently are forgotten.
 */
final class TokenScale {

    private static final double USUAL = 4;
    private static final double LEAST = 0.5;
    private static final double MOST = 12;
    private static final double WEIGHT = 0.2;
    private static final int MODELS = 1_000;

    private final Map<String, Double> scales = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
            return size() > MODELS;
        }
    };

    /** An input of so many characters was so many tokens. */
    synchronized void learn(String model, long characters, long tokens) {
        if (characters > 0 && tokens > 0) {
            double seen = Math.clamp((double) characters / tokens, LEAST, MOST);
            scales.merge(model, seen, (before, now) -> before + WEIGHT * (now - before));
        }
    }

    /** Rounded up. */
    synchronized long tokens(String model, long characters) {
        return (long) Math.ceil(characters / scales.getOrDefault(model, USUAL));
    }
}
