package forge.ai.runtime.steps;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.StepContext;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The tensor that a step works on: the one named by the parameter {@code tensor}, or the only one there is.
 *
 * @param name its name
 * @param tensor what it is
 * @param others all, with it
 */
record Chosen(String name, Tensor tensor, Map<String, Tensor> others) {

    private static final String KEY = "tensor";

    static Chosen of(Map<String, Tensor> tensors, StepContext context) {
        String name = name(tensors.keySet(), context);
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InvalidRequestException("the step %s of the model %s takes %s; there are: %s"
                    .formatted(context.config().step(), context.model(), name, tensors.keySet()));
        }
        return new Chosen(name, tensor, tensors);
    }

    private static String name(Collection<String> names, StepContext context) {
        return context.text(KEY).orElseGet(() -> {
            if (names.size() == 1) {
                return names.iterator().next();
            }
            throw context.refused(KEY, "one of " + names);
        });
    }

    /** All tensors with another one in the place of this. */
    Map<String, Tensor> replacedBy(Tensor other) {
        return replacedBy(Map.of(name, other));
    }

    /** All tensors with others in the place of this. */
    Map<String, Tensor> replacedBy(Map<String, Tensor> instead) {
        Map<String, Tensor> all = new LinkedHashMap<>(others);
        all.remove(name);
        all.putAll(instead);
        return all;
    }

    /** What is said of all tensors, with something else in the place of what is said of the chosen one. */
    static List<TensorSpec> replaced(
            List<TensorSpec> specs, StepContext context, Function<TensorSpec, List<TensorSpec>> instead) {
        String name = name(specs.stream().map(TensorSpec::name).toList(), context);
        List<TensorSpec> all = new ArrayList<>();
        for (TensorSpec spec : specs) {
            all.addAll(spec.name().equals(name) ? instead.apply(spec) : List.of(spec));
        }
        return all;
    }
}
