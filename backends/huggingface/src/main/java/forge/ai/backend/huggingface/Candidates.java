package forge.ai.backend.huggingface;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists of texts that hold for each of several texts. */
final class Candidates {

    private Candidates() {}

    /** One list for all texts becomes one row for each of them. */
    static Map<String, Tensor> forEach(Map<String, Tensor> inputs, String texts, String list) {
        Tensor candidates = inputs.get(list);
        Tensor text = inputs.get(texts);
        boolean one = candidates != null && candidates.type() == DataType.BYTES && candidates.rank() == 1;
        return one && text != null && text.rank() == 1
                ? forEach(inputs, text.dimension(0), list, candidates.toStrings())
                : inputs;
    }

    static Map<String, Tensor> forEach(Map<String, Tensor> inputs, long texts, String list, List<String> candidates) {
        List<String> all = new ArrayList<>();
        for (long i = 0; i < texts; i++) {
            all.addAll(candidates);
        }
        Map<String, Tensor> each = new LinkedHashMap<>(inputs);
        each.put(list, Tensor.ofStrings(new long[] {texts, candidates.size()}, all));
        return each;
    }
}
