package forge.ai.backend.tensorflow;

import forge.ai.api.Cancellation;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.model.RequestCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.SignatureDef;

/** One signature of a SavedModel in a session of its own. */
final class SavedModel implements LoadedModel {

    private static final Logger log = LoggerFactory.getLogger(SavedModel.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SavedModelBundle bundle;
    private final SavedModelSignature signature;
    private final RequestCheck check;
    private final Consumer<SavedModel> whenClosed;
    private final CallGate gate = new CallGate();

    private SavedModel(SavedModelBundle bundle, SavedModelSignature signature, Consumer<SavedModel> whenClosed) {
        this.bundle = bundle;
        this.signature = signature;
        this.check = new RequestCheck(signature.signature());
        this.whenClosed = whenClosed;
    }

    static SavedModel load(Path folder, TensorFlowSettings settings, Consumer<SavedModel> whenClosed) {
        SavedModelFile file = SavedModelFile.read(folder);
        Map.Entry<String, SignatureDef> chosen = file.signature(settings.signature());
        file.check(chosen.getValue());
        String names =
                String.join(",", new TreeSet<>(file.model().getSignatureDefMap().keySet()));
        SavedModelSignature signature = SavedModelSignature.of(chosen, names);
        try {
            SavedModelBundle bundle = SavedModelBundle.loader(folder.toString())
                    .withConfigProto(settings.session())
                    .load();
            return new SavedModel(bundle, signature, whenClosed);
        } catch (TensorFlowException | IllegalArgumentException | IllegalStateException e) {
            throw TensorFlowErrors.load(e);
        }
    }

    @Override
    public ModelSignature signature() {
        return signature.signature();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        cancellation.check();
        check.accept(inputs, outputs);
        if (!gate.enter()) {
            throw new UnavailableException("the SavedModel is closed");
        }
        try {
            return compute(inputs, outputs);
        } catch (TensorFlowException | IllegalArgumentException | IllegalStateException e) {
            throw TensorFlowErrors.run(e);
        } finally {
            gate.leave();
        }
    }

    private Map<String, Tensor> compute(Map<String, Tensor> inputs, Set<String> outputs) {
        List<String> wanted = signature().outputs().stream()
                .map(TensorSpec::name)
                .filter(name -> outputs.isEmpty() || outputs.contains(name))
                .toList();
        Session.Runner runner = bundle.session().runner();
        List<org.tensorflow.Tensor> given = new ArrayList<>();
        try {
            inputs.forEach((name, tensor) -> {
                given.add(NativeTensors.of(tensor));
                runner.feed(signature.inputs().get(name), given.getLast());
            });
            wanted.forEach(name -> runner.fetch(signature.outputs().get(name)));
            try (Result result = runner.run()) {
                Map<String, Tensor> computed = new LinkedHashMap<>();
                for (int i = 0; i < wanted.size(); i++) {
                    computed.put(wanted.get(i), NativeTensors.of(result.get(i), wanted.get(i)));
                }
                return computed;
            }
        } finally {
            given.forEach(org.tensorflow.Tensor::close);
        }
    }

    @Override
    public void close() {
        if (gate.close(this::release) && !gate.awaitIdle(PATIENCE)) {
            log.warn("a SavedModel was closed while it computes; its memory is given back when it ends");
        }
    }

    private void release() {
        bundle.close();
        whenClosed.accept(this);
    }
}
