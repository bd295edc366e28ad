package forge.ai.runtime.steps;

import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Brings numbers into another type: fractions lose what is behind the point, and what does not fit becomes the nearest. */
@Component(property = Step.NAME + "=cast")
public final class CastStep implements Step {

    @Override
    public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
        Chosen chosen = Chosen.of(tensors, context);
        return chosen.replacedBy(cast(chosen.tensor(), type(context, "to").orElseThrow(() -> wrong(context, "to"))));
    }

    static Tensor cast(Tensor tensor, DataType type) {
        if (tensor.type() == type) {
            return tensor;
        }
        Numbers from = Numbers.of(tensor);
        Numbers to = Numbers.zeros(type, tensor.elements());
        // UINT64 does not fit into a long, and is exact enough as a double only where the target is not whole.
        boolean whole = !from.fractional() && !to.fractional() && from.type() != DataType.UINT64;
        for (int i = 0; i < tensor.elements(); i++) {
            if (whole) {
                to.putWhole(i, from.whole(i));
            } else {
                to.put(i, from.get(i));
            }
        }
        return to.tensor(tensor.shape());
    }

    @Override
    public List<TensorSpec> takes(List<TensorSpec> next, StepContext context) {
        return Chosen.replaced(
                next,
                context,
                spec -> List.of(
                        new TensorSpec(spec.name(), type(context, "from").orElse(spec.type()), spec.shape())));
    }

    @Override
    public List<TensorSpec> gives(List<TensorSpec> before, StepContext context) {
        return Chosen.replaced(
                before,
                context,
                spec -> List.of(new TensorSpec(spec.name(), type(context, "to").orElse(spec.type()), spec.shape())));
    }

    private static Optional<DataType> type(StepContext context, String key) {
        return context.text(key)
                .map(name -> Arrays.stream(DataType.values())
                        .filter(type -> type.name().equals(name) && type != DataType.BYTES)
                        .findFirst()
                        .orElseThrow(() -> wrong(context, key)));
    }

    private static RuntimeException wrong(StepContext context, String key) {
        return context.refused(key, "a type of numbers, such as FP32");
    }
}
