package forge.ai.backend.huggingface;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Labels that a model of natural language inference has never seen: how far a text entails the sentence that it is about
 * a label. Source: W. Yin, J. Hay, D. Roth, "Benchmarking Zero-shot Text Classification", 2019, as the reference library
 * does it.
 */
final class ZeroShotClassification implements Head {

    private static final String LABELS = "labels";
    private static final String SCORES = "scores";

    private final String logits;
    private final int classes;
    private final int entailment;
    private final int contradiction;
    private final String template;
    private final boolean several;
    private final List<String> usual;

    ZeroShotClassification(HubConfig config, ModelSignature network) {
        TensorSpec output = Networks.logits(network, "logits", 2);
        logits = output.name();
        classes = (int) output.shape()[1];
        List<String> names = config.labels(classes);
        entailment = IntStream.range(0, classes)
                .filter(i -> names.get(i).toLowerCase(Locale.ROOT).startsWith("entail"))
                .findFirst()
                .orElse(classes - 1);
        contradiction = entailment == 0 ? classes - 1 : 0;
        template = config.text("template", "This example is {}.");
        several = config.flag("multiLabel", false);
        usual = config.texts(LABELS);
        if (classes < 2 || !template.contains("{}")) {
            throw new InvalidRequestException(
                    classes < 2
                            ? "the network gives one number for a text; expected: entailment and contradiction"
                            : "config.json: parameters.template has no {} for the label");
        }
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec(TEXT, DataType.BYTES, -1), new TensorSpec(LABELS, DataType.BYTES, -1, -1));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec(LABELS, DataType.BYTES, -1, -1), new TensorSpec(SCORES, DataType.FP32, -1, -1));
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("template", template, "multiLabel", Boolean.toString(several));
    }

    @Override
    public Set<String> needs() {
        return Set.of(logits);
    }

    @Override
    public Truncation truncation() {
        return Truncation.ONLY_FIRST;
    }

    /** One list of labels holds for all texts; without one those of the configuration do. */
    @Override
    public Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        Map<String, Tensor> flat = Columns.flat(inputs, TEXT);
        Tensor text = flat.get(TEXT);
        if (!flat.containsKey(LABELS) && !usual.isEmpty() && text != null && text.rank() == 1) {
            return Candidates.forEach(flat, text.dimension(0), LABELS, usual);
        }
        return Candidates.forEach(flat, TEXT, LABELS);
    }

    /** Each text with each of its labels. */
    @Override
    public List<TextRow> rows(Map<String, Tensor> inputs) {
        List<String> texts = inputs.get(TEXT).toStrings();
        List<String> labels = inputs.get(LABELS).toStrings();
        int each = (int) inputs.get(LABELS).dimension(1);
        List<TextRow> rows = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            rows.add(new TextRow(texts.get(i / each), template.replace("{}", labels.get(i)), i / each));
        }
        return rows;
    }

    @Override
    public Reading read(Map<String, Tensor> inputs) {
        return new Entailed(
                inputs.get(LABELS).toStrings(), (int) inputs.get(LABELS).dimension(1));
    }

    private final class Entailed implements Reading {
        private final List<String> labels;
        private final int each;
        private final float[] scores;
        private int row;

        Entailed(List<String> labels, int each) {
            this.labels = labels;
            this.each = each;
            this.scores = new float[labels.size()];
        }

        @Override
        public void add(Map<String, Tensor> computed, EncodedTexts rows) {
            float[] numbers = computed.get(logits).toFloats();
            for (int i = 0; i < rows.rows().size(); i++) {
                float entails = numbers[i * classes + entailment];
                // Of two numbers the softmax is the sigmoid of their difference.
                scores[row++] = alone() ? Softmax.sigmoid(entails - numbers[i * classes + contradiction]) : entails;
            }
        }

        private boolean alone() {
            return several || each == 1;
        }

        @Override
        public Map<String, Tensor> outputs() {
            List<String> ordered = new ArrayList<>(labels.size());
            float[] numbers = new float[labels.size()];
            for (int from = 0; from < labels.size(); from += each) {
                if (!alone()) {
                    Softmax.apply(scores, from, each);
                }
                List<Integer> order = IntStream.range(from, from + each)
                        .boxed()
                        .sorted(Comparator.comparing((Integer i) -> scores[i]).reversed())
                        .toList();
                for (int i : order) {
                    numbers[ordered.size()] = scores[i];
                    ordered.add(labels.get(i));
                }
            }
            long[] shape = {labels.size() / each, each};
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put(LABELS, Tensor.ofStrings(shape, ordered));
            outputs.put(SCORES, Tensor.ofFloats(shape, numbers));
            return outputs;
        }
    }
}
