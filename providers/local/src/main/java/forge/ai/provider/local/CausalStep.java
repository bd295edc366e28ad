package forge.ai.provider.local;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the next tokens with a model that keeps nothing between calls: the whole text goes in each time.
 *
 * <p>In such a model no token sees those after it, so filling up shorter sequences on the right changes nothing.
 */
final class CausalStep implements ContinuousBatch.Step {

    /** Logits come for every position, although the last is all that counts; so many in one computation (256 MiB). */
    private static final long MOST_LOGITS = 64L << 20;

    private static final long USUAL_VOCABULARY = 50_000;

    private final Computation computation;
    private final String output;
    private final int maxRows;
    private final long vocabulary;

    CausalStep(Computation computation, ModelSignature signature) {
        this.computation = computation;
        this.maxRows = TokenTensors.maxRows(signature);
        TensorSpec logits = signature
                .output("logits")
                .orElseThrow(
                        () -> new UnsupportedException("the model has no output logits, which a causal model gives"));
        this.output = logits.name();
        long[] shape = logits.shape();
        long last = shape.length == 0 ? -1 : shape[shape.length - 1];
        this.vocabulary = last > 0 ? last : USUAL_VOCABULARY;
        // Refuses inputs that are not known before there is a sequence.
        TokenTensors.of(signature, List.of(new int[1]));
    }

    @Override
    public boolean fits(int sequences, int tokens) {
        return sequences <= maxRows && sequences * vocabulary * tokens <= MOST_LOGITS;
    }

    @Override
    public List<float[]> logits(List<Sequence> rows) {
        VersionHold hold = rows.getFirst().hold();
        List<int[]> tokens = rows.stream().map(Sequence::tokens).toList();
        Tensor logits = computation.run(hold, TokenTensors.of(hold.model().signature(), tokens), output);
        List<float[]> last = new ArrayList<>(tokens.size());
        for (int row = 0; row < tokens.size(); row++) {
            last.add(Logits.at(logits, row, tokens.get(row).length - 1));
        }
        return last;
    }
}
