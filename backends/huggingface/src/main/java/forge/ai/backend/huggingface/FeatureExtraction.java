package forge.ai.backend.huggingface;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    public Set<String> needs() {
        return Set.of(hidden.name());
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
    public Reading read(Map<String, Tensor> inputs) {
        Vectors vectors = new Vectors();
        return new Reading() {
            @Override
            public void add(Map<String, Tensor> computed, EncodedTexts texts) {
                vectors.add(computed, texts);
            }

            @Override
            public Map<String, Tensor> outputs() {
                long[] shape = {vectors.all().size(), hidden.shape()[2]};
                return Map.of(NAME, Tensor.ofFloats(shape, vectors.joined()));
            }
        };
    }

    /** A new collection of vectors, one for each row of texts. */
    Vectors vectors() {
        return new Vectors();
    }

    /** The vectors of rows of texts, in order. */
    final class Vectors {
        private final List<float[]> all = new ArrayList<>();

        void add(Map<String, Tensor> computed, EncodedTexts texts) {
            Tensor states = computed.get(hidden.name());
            float[] numbers = states.toFloats();
            int features = (int) states.dimension(2);
            double[] vector = new double[features];
            for (int row = 0; row < texts.rows().size(); row++) {
                long[] mask = texts.rows().get(row).getAttentionMask();
                pool(numbers, row * texts.columns() * features, mask, vector);
                double length = normalize ? length(vector) : 1;
                float[] made = new float[features];
                for (int i = 0; i < features; i++) {
                    made[i] = (float) (vector[i] / length);
                }
                all.add(made);
            }
        }

        List<float[]> all() {
            return all;
        }

        float[] joined() {
            int features = all.isEmpty() ? 0 : all.getFirst().length;
            float[] joined = new float[all.size() * features];
            for (int row = 0; row < all.size(); row++) {
                System.arraycopy(all.get(row), 0, joined, row * features, features);
            }
            return joined;
        }
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
