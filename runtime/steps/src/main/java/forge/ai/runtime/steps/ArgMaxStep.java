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
 * Puts the place of the highest score of each row and, with a file of labels, its name in the place of the scores:
 * {@code index} and {@code label}.
 */
@Component(property = Step.NAME + "=argmax")
public final class ArgMaxStep implements Step {

    private final LabelFiles labels = new LabelFiles();

    @Override
    public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
        Chosen chosen = Chosen.of(tensors, context);
        LastAxis rows = LastAxis.of(chosen.tensor());
        Numbers scores = Numbers.of(chosen.tensor());
        Numbers indices = Numbers.zeros(DataType.INT64, rows.rows());
        List<String> names = labels.of(context);
        List<String> named = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            int place = Highest.places(scores, row * rows.size(), rows.size(), 1)[0];
            indices.putWhole(row, place);
            named.add(LabelFiles.name(names, place));
        }
        long[] shape = LastAxis.shape(chosen.tensor().shape(), 0);
        Map<String, Tensor> instead = new LinkedHashMap<>();
        instead.put("index", indices.tensor(shape));
        if (!names.isEmpty()) {
            instead.put("label", Tensor.ofStrings(shape, named));
        }
        return chosen.replacedBy(instead);
    }

    @Override
    public List<TensorSpec> gives(List<TensorSpec> before, StepContext context) {
        return Chosen.replaced(before, context, spec -> {
            long[] shape = LastAxis.shape(spec.shape(), 0);
            List<TensorSpec> instead = new ArrayList<>();
            instead.add(new TensorSpec("index", DataType.INT64, shape));
            context.text(LabelFiles.KEY).ifPresent(file -> instead.add(new TensorSpec("label", DataType.BYTES, shape)));
            return instead;
        });
    }
}
