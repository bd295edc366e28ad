package forge.ai.provider.local;

import forge.ai.api.ProtocolException;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntFunction;

/** Reads what a causal model says of the next token. */
final class Logits {

    private Logits() {}

    /** The logits behind one position of one row of {@code [row, position, vocabulary]}. */
    static float[] at(Tensor logits, int row, int position) {
        if (logits.rank() != 3) {
            throw new ProtocolException(
                    "the model gave logits as " + logits + "; expected [sequences, positions, vocabulary]");
        }
        int vocabulary = (int) logits.dimension(2);
        int offset = (int) (row * logits.dimension(1) + position) * vocabulary;
        float[] values = new float[vocabulary];
        switch (logits.type()) {
            case FP32 -> logits.data().asFloatBuffer().get(offset, values);
            case FP16 -> {
                var half = logits.data().asShortBuffer();
                for (int i = 0; i < vocabulary; i++) {
                    values[i] = Float.float16ToFloat(half.get(offset + i));
                }
            }
            default -> throw new ProtocolException("the model gave logits as " + logits + "; expected FP32 or FP16");
        }
        return values;
    }

    /**
     * How likely a token was.
     *
     * @param alternatives how many of the likeliest tokens to name besides
     */
    static TokenLogprob logprob(float[] logits, int token, int alternatives, IntFunction<String> text) {
        double greatest = logits[Sampler.likeliest(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - greatest);
        }
        double norm = greatest + Math.log(sum);
        List<TokenLogprob> likeliest = likeliest(logits, alternatives).stream()
                .map(i -> new TokenLogprob(text.apply(i), Math.min(0, logits[i] - norm), List.of()))
                .toList();
        return new TokenLogprob(text.apply(token), Math.min(0, logits[token] - norm), likeliest);
    }

    private static List<Integer> likeliest(float[] logits, int count) {
        Comparator<Integer> byLogit = Comparator.comparingDouble(i -> logits[i]);
        Comparator<Integer> order = byLogit.thenComparing(Comparator.reverseOrder());
        PriorityQueue<Integer> best = new PriorityQueue<>(order);
        for (int i = 0; i < logits.length && count > 0; i++) {
            if (best.size() < count) {
                best.add(i);
            } else if (logits[i] > logits[best.element()]) {
                best.remove();
                best.add(i);
            }
        }
        return best.stream().sorted(order.reversed()).toList();
    }
}
