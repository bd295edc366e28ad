package forge.ai.provider.local;

import forge.ai.api.InternalException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses the next token from a row of logits.
 *
 * <p>Penalties first, then temperature, top-k, top-p and min-p in this order, each on what the one before left: as
 * generate() of Hugging Face transformers does.
 */
final class Sampler {

    private final Sampling sampling;
    private final Penalties penalties;
    private final SplittableRandom random;

    /** @param prompt the tokens that the repetition penalty counts as seen */
    Sampler(Sampling sampling, int[] prompt) {
        this.sampling = sampling;
        this.penalties = new Penalties(sampling, prompt);
        this.random = sampling.seed().isPresent()
                ? new SplittableRandom(sampling.seed().getAsLong())
                : new SplittableRandom();
    }

    /** The chosen token; {@code logits} are changed. */
    int next(float[] logits) {
        penalties.apply(logits);
        int token = likeliest(logits);
        if (Float.isNaN(logits[token])) {
            throw new InternalException("the model gave NaN for the next token");
        }
        if (sampling.temperature() > 0) {
            token = draw(logits);
        }
        penalties.generated(token);
        return token;
    }

    /** The index of the greatest value, of equals the first. */
    static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private int draw(float[] logits) {
        Candidates candidates = candidates(logits, sampling);
        double point = random.nextDouble() * candidates.mass();
        for (int i = 0; i < candidates.size(); i++) {
            point -= candidates.weights()[i];
            if (point < 0) {
                return candidates.tokens()[i];
            }
        }
        return candidates.tokens()[candidates.size() - 1];
    }

    /**
     * The tokens that may be drawn.
     *
     * @param weights proportional to their probabilities, the likeliest has 1
     * @param size how many of both arrays count
     * @param mass the sum of their weights
     */
    record Candidates(int[] tokens, double[] weights, int size, double mass) {}

    static Candidates candidates(float[] logits, Sampling sampling) {
        double[] all = weights(logits, sampling.temperature());
        double total = 0;
        for (double weight : all) {
            total += weight;
        }
        boolean topK = sampling.topK() < all.length;
        // Sorting a whole vocabulary is what costs. Without top-k, whose share top-p is taken of, what no filter keeps
        // is
        // left out before: tokens below min-p, and those of a tail that even as a whole weighs less than top-p leaves
        // out.
        double tail = (1 - sampling.topP()) * total / all.length;
        double least = topK ? 0 : Math.max(sampling.minP(), tail);
        long[] order = descending(logits, all, least, sampling.filters());
        int size = Math.min(order.length, sampling.topK());
        int[] tokens = new int[size];
        double[] weights = new double[size];
        double kept = 0;
        for (int i = 0; i < size; i++) {
            tokens[i] = ~(int) order[order.length - 1 - i];
            weights[i] = all[tokens[i]];
            kept += weights[i];
        }
        return cut(tokens, weights, sampling.topP() * (topK ? kept : total), sampling);
    }

    private static Candidates cut(int[] tokens, double[] weights, double wanted, Sampling sampling) {
        double mass = 0;
        int size = 0;
        boolean all = sampling.topP() >= 1;
        while (size < tokens.length && (size == 0 || (all || mass < wanted) && weights[size] >= sampling.minP())) {
            mass += weights[size++];
        }
        return new Candidates(tokens, weights, size, mass);
    }

    /** Softmax without its division. */
    private static double[] weights(float[] logits, double temperature) {
        double greatest = logits[likeliest(logits)];
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp((logits[i] - greatest) / temperature);
        }
        return weights;
    }

    /** The tokens of at least this weight, each in one word with its logit above it; ascending if {@code sorted}. */
    private static long[] descending(float[] logits, double[] weights, double least, boolean sorted) {
        long[] order = new long[logits.length];
        int size = 0;
        for (int i = 0; i < logits.length; i++) {
            if (weights[i] >= least && weights[i] > 0) {
                // Adding 0 makes -0 equal to 0; the xor makes the order of the bits that of the numbers.
                int bits = Float.floatToIntBits(logits[i] + 0f);
                long sortable = bits ^ bits >> 31 & Integer.MAX_VALUE;
                order[size++] = sortable << 32 | ~i & 0xFFFF_FFFFL;
            }
        }
        long[] kept = size == order.length ? order : Arrays.copyOf(order, size);
        if (sorted) {
            Arrays.sort(kept);
        }
        return kept;
    }
}
