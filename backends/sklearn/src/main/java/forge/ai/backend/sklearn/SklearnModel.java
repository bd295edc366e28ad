package forge.ai.backend.sklearn;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.backend.sklearn.estimator.Fitted;
import forge.ai.runtime.support.model.RequestCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model of scikit-learn: an output for each of its methods, of which the first comes where none is named. */
final class SklearnModel implements LoadedModel {

    private final Fitted fitted;
    private final InputForms forms;
    private final ModelSignature signature;
    private final RequestCheck check;
    private final List<String> usual;
    private volatile boolean closed;

    SklearnModel(Fitted fitted) {
        this.fitted = fitted;
        this.forms = new InputForms(fitted.inputs());
        List<TensorSpec> outputs = new ArrayList<>();
        fitted.methods()
                .forEach((name, method) -> outputs.add(
                        method.columns() == 0
                                ? new TensorSpec(name, method.type(), -1)
                                : new TensorSpec(name, method.type(), -1, method.columns())));
        signature = new ModelSignature(forms.specs(), outputs, true, Map.of());
        check = new RequestCheck(signature);
        usual = List.of(fitted.methods().firstEntry().getKey());
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        return forms.adapt(inputs);
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        cancellation.check();
        if (closed) {
            throw new UnavailableException("the model is closed");
        }
        check.accept(inputs, outputs);
        List<String> wanted = outputs.isEmpty() ? usual : wanted(outputs);
        try {
            return fitted.compute(forms.table(inputs), wanted);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new InvalidRequestException("the model's arrays do not fit the request: " + e.getMessage());
        }
    }

    /** In the order of the signature. */
    private List<String> wanted(Set<String> outputs) {
        return outputs.size() == 1
                ? List.copyOf(outputs)
                : fitted.methods().keySet().stream().filter(outputs::contains).toList();
    }

    @Override
    public void close() {
        closed = true;
    }
}
