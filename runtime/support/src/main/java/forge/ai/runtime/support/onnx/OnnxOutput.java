package forge.ai.runtime.support.onnx;

import forge.ai.api.InternalException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes tensors from one output of a graph. */
sealed interface OnnxOutput {

    /** The name of the output in the graph. */
    String name();

    /** What is made from it. */
    List<TensorSpec> specs();

    /** Puts those tensors that are wanted. */
    <V> void read(OnnxSession<V> session, V value, Set<String> wanted, Map<String, Tensor> into) throws OnnxFailure;

    /**
     * An output that is a tensor itself.
     *
     * @param dimensions the names of its dimensions
     */
    record OfTensor(TensorSpec spec, List<String> dimensions) implements OnnxOutput {

        @Override
        public String name() {
            return spec.name();
        }

        @Override
        public List<TensorSpec> specs() {
            return List.of(spec);
        }

        @Override
        public <V> void read(OnnxSession<V> session, V value, Set<String> wanted, Map<String, Tensor> into)
                throws OnnxFailure {
            into.put(spec.name(), session.read(value));
        }
    }

    /**
     * A list of maps from label to score, as classifiers of scikit-learn have it: one tensor of scores, a row for each
     * map, and one of the labels in the same places.
     */
    record OfScores(String name) implements OnnxOutput {

        String labels() {
            return name + ".labels";
        }

        @Override
        public List<TensorSpec> specs() {
            return List.of(
                    new TensorSpec(name, DataType.FP32, -1, -1), new TensorSpec(labels(), DataType.BYTES, -1, -1));
        }

        @Override
        public <V> void read(OnnxSession<V> session, V value, Set<String> wanted, Map<String, Tensor> into)
                throws OnnxFailure {
            List<Map<Object, Number>> rows = session.scores(value);
            int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
            float[] scores = new float[rows.size() * columns];
            List<String> labels = new ArrayList<>(scores.length);
            for (Map<Object, Number> row : rows) {
                if (row.size() != columns) {
                    throw new InternalException("the rows of " + name + " have different labels");
                }
                new TreeMap<>(row).forEach((label, score) -> {
                    scores[labels.size()] = score.floatValue();
                    labels.add(label.toString());
                });
            }
            long[] shape = {rows.size(), columns};
            if (wanted.contains(name)) {
                into.put(name, Tensor.ofFloats(shape, scores));
            }
            if (wanted.contains(labels())) {
                into.put(labels(), Tensor.ofStrings(shape, labels));
            }
        }
    }
}
