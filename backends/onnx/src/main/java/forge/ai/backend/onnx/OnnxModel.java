package forge.ai.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import forge.ai.api.Cancellation;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.lease.InFlight;
import forge.ai.runtime.support.model.RequestCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session of ONNX Runtime. */
final class OnnxModel implements LoadedModel {

    private static final Logger log = LoggerFactory.getLogger(OnnxModel.class);

    /** Memory of the caller for outputs by name, as our tensors and as the runtime's over the same. */
    private record Places(Map<String, Tensor> tensors, Map<String, OnnxTensor> values) {}

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String file;
    private final OrtSession session;
    private final SessionOptions options;
    private final OnnxSignature signature;
    private final RequestCheck check;
    private final NativeTensors tensors;
    private final Consumer<OnnxModel> whenClosed;
    private final CallGate gate = new CallGate();
    private final InFlight<RunControl> running = new InFlight<>(64);

    private OnnxModel(
            OrtEnvironment environment,
            Path file,
            OrtSession session,
            SessionOptions options,
            Consumer<OnnxModel> whenClosed)
            throws OrtException {
        this.file = file.getFileName().toString();
        this.session = session;
        this.options = options;
        this.signature = OnnxSignature.of(session);
        this.check = new RequestCheck(signature.signature());
        this.tensors = new NativeTensors(environment);
        this.whenClosed = whenClosed;
    }

    static OnnxModel load(
            OrtEnvironment environment, Path file, OnnxSettings settings, Consumer<OnnxModel> whenClosed) {
        SessionOptions options = null;
        OrtSession session = null;
        OnnxModel model = null;
        try {
            options = settings.options();
            session = environment.createSession(file.toString(), options);
            model = new OnnxModel(environment, file, session, options, whenClosed);
            return model;
        } catch (OrtException e) {
            throw OnnxErrors.load(file.getFileName().toString(), e);
        } finally {
            if (model == null) {
                close(session, options);
            }
        }
    }

    @Override
    public ModelSignature signature() {
        return signature.signature();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        return run(inputs, outputs, Map.of(), cancellation);
    }

    /** Numbers are written to their places by the runtime itself. */
    @Override
    public Map<String, Tensor> run(
            Map<String, Tensor> inputs, Set<String> outputs, Map<String, Tensor> places, Cancellation cancellation) {
        cancellation.check();
        check.accept(inputs, outputs);
        if (!gate.enter()) {
            throw new UnavailableException(file + " is closed");
        }
        try {
            return compute(inputs, outputs, places, cancellation);
        } finally {
            gate.leave();
        }
    }

    private Map<String, Tensor> compute(
            Map<String, Tensor> inputs, Set<String> outputs, Map<String, Tensor> places, Cancellation cancellation) {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        Map<String, OnnxTensor> placed = new LinkedHashMap<>();
        RunControl control = null;
        int place = 0;
        try {
            control = new RunControl();
            place = running.put(control);
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                given.put(input.getKey(), tensors.of(input.getValue()));
            }
            for (Map.Entry<String, Tensor> output : places.entrySet()) {
                placed.put(output.getKey(), tensors.over(output.getValue()));
            }
            return compute(given, outputs, new Places(places, placed), cancellation, control);
        } catch (OrtException e) {
            throw OnnxErrors.run(file, e, control != null && control.terminated());
        } finally {
            OnnxValue.close(given);
            OnnxValue.close(placed);
            if (control != null) {
                running.remove(place, control);
                control.close();
            }
        }
    }

    private Map<String, Tensor> compute(
            Map<String, OnnxTensor> inputs,
            Set<String> outputs,
            Places places,
            Cancellation cancellation,
            RunControl control)
            throws OrtException {
        Set<String> wanted = outputs.isEmpty() ? all() : outputs;
        List<OutputReader> readers = signature.outputs().stream()
                .filter(o -> o.specs().stream().anyMatch(spec -> wanted.contains(spec.name())))
                .toList();
        Set<String> names =
                readers.stream().map(OutputReader::name).collect(Collectors.toCollection(LinkedHashSet::new));
        names.removeAll(places.values().keySet());
        try (var registration = cancellation.onCancel(control::terminate);
                OrtSession.Result result = session.run(inputs, names, places.values(), control.options())) {
            Map<String, Tensor> computed = new LinkedHashMap<>();
            for (OutputReader reader : readers) {
                Tensor place = places.tensors().get(reader.name());
                if (place != null) {
                    computed.put(reader.name(), place);
                } else {
                    reader.read(result.get(reader.name()).orElseThrow(), tensors, wanted, computed);
                }
            }
            return computed;
        }
    }

    private Set<String> all() {
        return signature().outputs().stream().map(TensorSpec::name).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        if (!gate.close(this::release) || gate.awaitIdle(PATIENCE)) {
            return;
        }
        running.visit(RunControl::terminate);
        if (!gate.awaitIdle(PATIENCE)) {
            log.warn("{} was closed while it computes and does not stop; its memory is given back when it ends", file);
        }
    }

    private void release() {
        close(session, options);
        whenClosed.accept(this);
    }

    private static void close(OrtSession session, SessionOptions options) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            log.error("a session of ONNX Runtime could not be closed; its memory is lost", e);
        } finally {
            if (options != null) {
                options.close();
            }
        }
    }
}
