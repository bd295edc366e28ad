package forge.ai.provider.local;

import forge.ai.api.Cancellation;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes the next tokens with a model that keeps nothing between calls: the whole text goes in each time.
 *
 * <p>In such a model no token sees those after it, so filling up shorter sequences on the right changes nothing.
 */
final class CausalStep implements ContinuousBatch.Step {

    /** Logits come for every position, although the last is all that counts; so many in one computation (256 MiB). */
    static final long MOST_LOGITS = 64L << 20;

    private static final long USUAL_VOCABULARY = 50_000;

    private final Computation computation;
    private final String output;
    private final int maxRows;
    private final long vocabulary;

    CausalStep(Computation computation, ModelSignature signature) {
        this.computation = computation;
        this.maxRows = TokenTensors.maxRows(signature);
        TensorSpec logits = logits(signature);
        this.output = logits.name();
        this.vocabulary = vocabulary(logits);
        // Refuses inputs that are not known before there is a sequence.
        TokenTensors.of(signature, List.of(new int[1]));
    }

    /** The output that says what comes next. */
    static TensorSpec logits(ModelSignature signature) {
        return signature
                .output("logits")
                .orElseThrow(
                        () -> new UnsupportedException("the model has no output logits, which a causal model gives"));
    }

    /** How many tokens there are, or a usual number if the model does not say. */
    static long vocabulary(TensorSpec logits) {
        long[] shape = logits.shape();
        long last = shape.length == 0 ? -1 : shape[shape.length - 1];
        return last > 0 ? last : USUAL_VOCABULARY;
    }

    @Override
    public int mostTokens() {
        return Integer.MAX_VALUE;
    }

    /** Nothing is kept between calls. */
    @Override
    public boolean admits(Collection<Sequence> active, Sequence next) {
        return true;
    }

    @Override
    public void ended(Sequence sequence) {}

    @Override
    public boolean fits(int sequences, int tokens) {
        return sequences <= maxRows && sequences * vocabulary * tokens <= MOST_LOGITS;
    }

    @Override
    public Map<Sequence, float[]> logits(List<Sequence> rows, Cancellation cancellation) {
        VersionHold hold = rows.getFirst().hold();
        List<int[]> tokens = rows.stream().map(Sequence::tokens).toList();
        Tensor logits = computation.run(hold, TokenTensors.of(hold.model().signature(), tokens), output, cancellation);
        Map<Sequence, float[]> last = new IdentityHashMap<>();
        for (int row = 0; row < tokens.size(); row++) {
            last.put(rows.get(row), Logits.at(logits, row, tokens.get(row).length - 1));
        }
        return last;
    }
}
