package forge.ai.backend.huggingface;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    public String needs() {
        return logits;
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
    public Map<String, Tensor> apply(Tensor computed, EncodedTexts texts) {
        float[] scores = computed.toFloats();
        int rows = texts.rows().size();
        float[] best = new float[rows];
        List<String> names = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            int highest = score(scores, row * labels.size());
            best[row] = scores[row * labels.size() + highest];
            names.add(labels.get(highest));
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("label", Tensor.ofStrings(new long[] {rows}, names));
        outputs.put("score", Tensor.ofFloats(new long[] {rows}, best));
        outputs.put("scores", Tensor.ofFloats(new long[] {rows, labels.size()}, scores));
        return outputs;
    }

    /** Turns one row of numbers into scores, in place; the place of the highest. */
    private int score(float[] row, int from) {
        int highest = 0;
        for (int i = 1; i < labels.size(); i++) {
            highest = row[from + i] > row[from + highest] ? i : highest;
        }
        double largest = row[from + highest];
        double sum = 0;
        for (int i = from; i < from + labels.size(); i++) {
            sum += Math.exp(row[i] - largest);
        }
        for (int i = from; i < from + labels.size(); i++) {
            row[i] = switch (activation) {
                case SOFTMAX -> (float) (Math.exp(row[i] - largest) / sum);
                case SIGMOID -> (float) (1 / (1 + Math.exp(-row[i])));
                case NONE -> row[i];
            };
        }
        return highest;
    }
}
