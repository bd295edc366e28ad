package forge.ai.backend.huggingface;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One vector for each text. */
final class FeatureExtraction implements Head {

    private static final String NAME = "embedding";

    private final TensorSpec hidden;
    private final Pooling pooling;
    private final boolean normalize;

    FeatureExtraction(HubConfig config, ModelSignature network) {
        hidden = network.output("last_hidden_state").orElse(network.outputs().getFirst());
        if (hidden.type() != DataType.FP32 || hidden.shape().length != 3) {
            throw new UnsupportedException(
                    "the network gives " + hidden + "; expected: last_hidden_state FP32[-1, -1, features]");
        }
        pooling = config.pooling();
        normalize = config.normalize();
    }

    @Override
    public String needs() {
        return hidden.name();
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec(NAME, DataType.FP32, -1, hidden.shape()[2]));
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("pooling", pooling.key(), "normalize", Boolean.toString(normalize));
    }

    @Override
    public Map<String, Tensor> apply(Tensor computed, EncodedTexts texts) {
        float[] all = computed.toFloats();
        int rows = texts.rows().size();
        int features = (int) computed.dimension(2);
        float[] vectors = new float[rows * features];
        double[] vector = new double[features];
        for (int row = 0; row < rows; row++) {
            long[] mask = texts.rows().get(row).getAttentionMask();
            pool(all, row * texts.columns() * features, mask, vector);
            double length = normalize ? length(vector) : 1;
            for (int i = 0; i < features; i++) {
                vectors[row * features + i] = (float) (vector[i] / length);
            }
        }
        return Map.of(NAME, Tensor.ofFloats(new long[] {rows, features}, vectors));
    }

    private void pool(float[] all, int from, long[] mask, double[] vector) {
        Arrays.fill(vector, 0);
        int tokens = 0;
        for (int token = 0; token < mask.length && (pooling == Pooling.MEAN || token == 0); token++) {
            if (mask[token] != 0) {
                tokens++;
                for (int i = 0; i < vector.length; i++) {
                    vector[i] += all[from + token * vector.length + i];
                }
            }
        }
        for (int i = 0; i < vector.length && tokens > 1; i++) {
            vector[i] /= tokens;
        }
    }

    private static double length(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return Math.max(Math.sqrt(sum), 1e-12);
    }
}
