package forge.ai.backend.huggingface;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The best label of each text and the scores of all. */
final class TextClassification implements Head {

    private final String logits;
    private final List<String> labels;
    private final Activation activation;

    /** How the numbers of the network become scores. */
    private enum Activation {
        SOFTMAX,
        SIGMOID,
        NONE
    }

    TextClassification(HubConfig config, ModelSignature network) {
        TensorSpec output = network.output("logits").orElse(network.outputs().getFirst());
        long[] shape = output.shape();
        if (output.type() != DataType.FP32 || shape.length != 2 || shape[1] < 1) {
            throw new UnsupportedException("the network gives " + output + "; expected: logits FP32[-1, labels]");
        }
        logits = output.name();
        labels = config.labels((int) shape[1]);
        activation = switch (config.problem()) {
            case "regression" -> Activation.NONE;
            case "multi_label_classification" -> Activation.SIGMOID;
            default -> labels.size() == 1 ? Activation.SIGMOID : Activation.SOFTMAX;
        };
    }

    @Override
    public Set<String> needs() {
        return Set.of(logits);
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(
                new TensorSpec("label", DataType.BYTES, -1),
                new TensorSpec("score", DataType.FP32, -1),
                new TensorSpec("scores", DataType.FP32, -1, labels.size()));
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("labels", String.join(",", labels));
    }

    @Override
    public Reading read(Map<String, Tensor> inputs) {
        return new Scored();
    }

    private final class Scored implements Reading {
        private final List<float[]> rows = new ArrayList<>();

        @Override
        public void add(Map<String, Tensor> computed, EncodedTexts texts) {
            float[] numbers = computed.get(logits).toFloats();
            for (int row = 0; row < texts.rows().size(); row++) {
                rows.add(scores(Arrays.copyOfRange(numbers, row * labels.size(), (row + 1) * labels.size())));
            }
        }

        @Override
        public Map<String, Tensor> outputs() {
            float[] best = new float[rows.size()];
            float[] all = new float[rows.size() * labels.size()];
            List<String> names = new ArrayList<>(rows.size());
            for (int row = 0; row < rows.size(); row++) {
                float[] scores = rows.get(row);
                int highest = Softmax.highest(scores, 0, scores.length);
                best[row] = scores[highest];
                names.add(labels.get(highest));
                System.arraycopy(scores, 0, all, row * scores.length, scores.length);
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("label", Tensor.ofStrings(new long[] {rows.size()}, names));
            outputs.put("score", Tensor.ofFloats(new long[] {rows.size()}, best));
            outputs.put("scores", Tensor.ofFloats(new long[] {rows.size(), labels.size()}, all));
            return outputs;
        }
    }

    private float[] scores(float[] row) {
        switch (activation) {
            case SOFTMAX -> Softmax.apply(row, 0, row.length);
            case SIGMOID -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = Softmax.sigmoid(row[i]);
                }
            }
            case NONE -> {
                // The number itself is what is asked for.
            }
        }
        return row;
    }
}
