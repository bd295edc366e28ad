package forge.ai.backend.onnx;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
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
sealed interface OutputReader {

    /** The name of the output in the graph. */
    String name();

    /** What is made from it. */
    List<TensorSpec> specs();

    /** Puts those tensors that are wanted. */
    void read(OnnxValue value, NativeTensors tensors, Set<String> wanted, Map<String, Tensor> into) throws OrtException;

    /** An output that is a tensor itself. */
    record OfTensor(TensorSpec spec) implements OutputReader {

        @Override
        public String name() {
            return spec.name();
        }

        @Override
        public List<TensorSpec> specs() {
            return List.of(spec);
        }

        @Override
        public void read(OnnxValue value, NativeTensors tensors, Set<String> wanted, Map<String, Tensor> into)
                throws OrtException {
            into.put(spec.name(), tensors.of((OnnxTensor) value));
        }
    }

    /**
     * A list of maps from label to score, as classifiers of scikit-learn have it: one tensor of scores, a row for each
     * map, and one of the labels in the same places.
     */
    record OfScores(String name) implements OutputReader {

        String labels() {
            return name + ".labels";
        }

        @Override
        public List<TensorSpec> specs() {
            return List.of(
                    new TensorSpec(name, DataType.FP32, -1, -1), new TensorSpec(labels(), DataType.BYTES, -1, -1));
        }

        @Override
        public void read(OnnxValue value, NativeTensors tensors, Set<String> wanted, Map<String, Tensor> into)
                throws OrtException {
            List<Map<Object, Object>> rows = rows((OnnxSequence) value);
            int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
            float[] scores = new float[rows.size() * columns];
            List<String> labels = new ArrayList<>(scores.length);
            for (Map<Object, Object> row : rows) {
                if (row.size() != columns) {
                    throw new InternalException("the rows of " + name + " have different labels");
                }
                row.forEach((label, score) -> {
                    scores[labels.size()] = ((Number) score).floatValue();
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

        private static List<Map<Object, Object>> rows(OnnxSequence sequence) throws OrtException {
            List<Map<Object, Object>> rows = new ArrayList<>();
            List<? extends OnnxValue> maps = sequence.getValue();
            try {
                for (OnnxValue map : maps) {
                    rows.add(new TreeMap<>(((OnnxMap) map).getValue()));
                }
            } finally {
                OnnxValue.close(maps);
            }
            return rows;
        }
    }
}
