package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A trained estimator, ready to compute.
 *
 * @param inputs what it takes
 * @param methods what can be asked of it by name, the usual one first
 * @param transformer itself as a step of a pipeline, or null if it can only be the last
 */
public record Fitted(
        Inputs inputs,
        SequencedMap<String, Method> methods,
        @Nullable Transformer transformer) {

    static Fitted transformer(Inputs inputs, Transformer transformer) {
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put(
                "transform",
                Method.numbers(-1, rows -> transformer.transform(rows).dense()));
        return new Fitted(inputs, methods, transformer);
    }

    static Fitted predictor(Inputs inputs, SequencedMap<String, Method> methods) {
        return new Fitted(inputs, methods, null);
    }

    /** @throws InvalidRequestException if it transforms nothing */
    Transformer step() {
        if (transformer == null) {
            throw new InvalidRequestException("a pipeline whose steps before the last do not all transform");
        }
        return transformer;
    }

    /** The only numbers of its {@code predict}. */
    double[] predictions(Table rows) {
        Tensor tensor = method("predict").call().apply(rows);
        double[] values = new double[tensor.elements()];
        tensor.data().asDoubleBuffer().get(values);
        return values;
    }

    Method method(String name) {
        return Optional.ofNullable(methods.get(name))
                .orElseThrow(() -> new InvalidRequestException("there is no method " + name));
    }

    /** Computes with columns or one table as {@link #inputs()} says. */
    public Map<String, Tensor> compute(Rows rows, List<String> wanted) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        wanted.forEach(name -> outputs.put(name, method(name).call().apply(rows.table())));
        return outputs;
    }
}
