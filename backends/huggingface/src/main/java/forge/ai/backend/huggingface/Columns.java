package forge.ai.backend.huggingface;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shapes of text inputs that mean the same. */
final class Columns {

    private Columns() {}

    /** A column of texts is taken like a list of them: so do clients send them that know rows only. */
    static Map<String, Tensor> flat(Map<String, Tensor> inputs, String name) {
        Tensor text = inputs.get(name);
        if (text == null || text.type() != DataType.BYTES || text.rank() != 2 || text.dimension(1) != 1) {
            return inputs;
        }
        Map<String, Tensor> flat = new LinkedHashMap<>(inputs);
        flat.put(name, Tensor.ofBytes(new long[] {text.dimension(0)}, text.bytes()));
        return flat;
    }
}
