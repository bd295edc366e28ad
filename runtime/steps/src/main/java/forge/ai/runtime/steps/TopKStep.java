package forge.ai.runtime.steps;

import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * Puts the places, the scores and, with a file of labels, the names of the {@code k} highest scores of each row in the
 * place of the scores: {@code indices}, {@code scores} and {@code labels}, the highest first.
 */
@Component(property = Step.NAME + "=topk")
public final class TopKStep implements Step {

    private static final int MOST = 1 << 20;

    private final LabelFiles labels = new LabelFiles();

    @Override
    public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
        Chosen chosen = Chosen.of(tensors, context);
        LastAxis rows = LastAxis.of(chosen.tensor());
        Numbers scores = Numbers.of(chosen.tensor());
        int k = (int) Math.min(k(context), rows.size());
        Numbers indices = Numbers.zeros(DataType.INT64, rows.rows() * k);
        Numbers best = Numbers.zeros(DataType.FP32, rows.rows() * k);
        List<String> named = new ArrayList<>();
        List<String> names = labels.of(context);
        for (int row = 0; row < rows.rows(); row++) {
            int[] places = Highest.places(scores, row * rows.size(), rows.size(), k);
            for (int i = 0; i < k; i++) {
                indices.putWhole(row * k + i, places[i]);
                best.put(row * k + i, scores.get(row * rows.size() + places[i]));
                named.add(LabelFiles.name(names, places[i]));
            }
        }
        long[] shape = LastAxis.shape(chosen.tensor().shape(), k);
        Map<String, Tensor> instead = new LinkedHashMap<>();
        instead.put("indices", indices.tensor(shape));
        instead.put("scores", best.tensor(shape));
        if (!names.isEmpty()) {
            instead.put("labels", Tensor.ofStrings(shape, named));
        }
        return chosen.replacedBy(instead);
    }

    private static long k(StepContext context) {
        return context.whole("k", 1, MOST, 5);
    }

    @Override
    public List<TensorSpec> gives(List<TensorSpec> before, StepContext context) {
        return Chosen.replaced(before, context, spec -> {
            long[] shape = spec.shape();
            long size = shape.length == 0 ? -1 : shape[shape.length - 1];
            long[] few = LastAxis.shape(shape, size < 0 ? -1 : Math.min(size, k(context)));
            List<TensorSpec> instead = new ArrayList<>();
            instead.add(new TensorSpec("indices", DataType.INT64, few));
            instead.add(new TensorSpec("scores", DataType.FP32, few));
            context.text(LabelFiles.KEY).ifPresent(file -> instead.add(new TensorSpec("labels", DataType.BYTES, few)));
            return instead;
        });
    }
}
