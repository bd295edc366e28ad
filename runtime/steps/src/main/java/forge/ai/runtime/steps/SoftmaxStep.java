package forge.ai.runtime.steps;

import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Makes probabilities of scores: of each row along the last axis, numbers that add up to 1. */
@Component(property = Step.NAME + "=softmax")
public final class SoftmaxStep implements Step {

    @Override
    public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
        Chosen chosen = Chosen.of(tensors, context);
        LastAxis rows = LastAxis.of(chosen.tensor());
        Numbers from = Numbers.of(chosen.tensor());
        Numbers to = Numbers.zeros(DataType.FP32, chosen.tensor().elements());
        double[] powers = new double[rows.size()];
        for (int row = 0; row < rows.rows(); row++) {
            int first = row * rows.size();
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < rows.size(); i++) {
                most = Math.max(most, from.get(first + i));
            }
            double sum = 0;
            for (int i = 0; i < rows.size(); i++) {
                // Less the largest, so that none is beyond what a number can be.
                powers[i] = Math.exp(from.get(first + i) - most);
                sum += powers[i];
            }
            for (int i = 0; i < rows.size(); i++) {
                to.put(first + i, powers[i] / sum);
            }
        }
        return chosen.replacedBy(to.tensor(chosen.tensor().shape()));
    }

    @Override
    public List<TensorSpec> gives(List<TensorSpec> before, StepContext context) {
        return Chosen.replaced(
                before, context, spec -> List.of(new TensorSpec(spec.name(), DataType.FP32, spec.shape())));
    }
}
