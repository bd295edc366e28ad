package forge.ai.runtime.steps;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Takes {@code mean} from each number and divides it by {@code std}; both may be a list along the {@code axis}. */
@Component(property = Step.NAME + "=normalize")
public final class NormalizeStep implements Step {

    private static final int MOST_DIMENSIONS = 16;

    @Override
    public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
        Chosen chosen = Chosen.of(tensors, context);
        Tensor tensor = chosen.tensor();
        List<Double> mean = context.numbers("mean");
        List<Double> std = context.numbers("std");
        if (std.contains(0.0)) {
            throw context.refused("std", "numbers other than 0");
        }
        int axis = (int) context.whole("axis", 0, MOST_DIMENSIONS, 1);
        check(tensor, mean, axis, context, "mean");
        check(tensor, std, axis, context, "std");
        int inner = 1;
        for (int i = axis + 1; i < tensor.rank(); i++) {
            inner *= (int) tensor.dimension(i);
        }
        int size = axis < tensor.rank() ? (int) tensor.dimension(axis) : 1;
        Numbers from = Numbers.of(tensor);
        Numbers to = Numbers.zeros(DataType.FP32, tensor.elements());
        for (int i = 0; i < tensor.elements(); i++) {
            int place = i / inner % size;
            to.put(i, (from.get(i) - at(mean, place, 0)) / at(std, place, 1));
        }
        return chosen.replacedBy(to.tensor(tensor.shape()));
    }

    private static double at(List<Double> values, int place, double otherwise) {
        return values.isEmpty() ? otherwise : values.get(values.size() == 1 ? 0 : place);
    }

    private static void check(Tensor tensor, List<Double> values, int axis, StepContext context, String key) {
        if (values.size() > 1 && (axis >= tensor.rank() || tensor.dimension(axis) != values.size())) {
            throw new InvalidRequestException(
                    "the step %s of the model %s has %d numbers as %s, but %s has another size along axis %d"
                            .formatted(context.config().step(), context.model(), values.size(), key, tensor, axis));
        }
    }
}
