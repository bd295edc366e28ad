package forge.ai.runtime.support.onnx;

import forge.ai.api.Cancellation;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.lease.InFlight;
import forge.ai.runtime.support.model.RequestCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of ONNX Runtime and the calls in it.
 *
 * @param <V> a value of the runtime
 */
final class OnnxModel<V> implements LoadedModel {

    private static final Logger log = LoggerFactory.getLogger(OnnxModel.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SLOTS = 16;

    private final String file;
    private final OnnxSession<V> session;
    private final OnnxSignature signature;
    private final Set<String> all;
    private final OutputShapes shapes;
    private final RequestCheck check;
    private final Consumer<OnnxModel<?>> whenClosed;
    private final CallGate gate = new CallGate();
    private final InFlight<RunControl> running = new InFlight<>(64);
    private final SlotPool<CallSlot<V>> slots = new SlotPool<>(SLOTS);

    OnnxModel(String file, OnnxSession<V> session, Consumer<OnnxModel<?>> whenClosed) {
        this.file = file;
        this.session = session;
        this.signature = OnnxSignature.of(session);
        this.all =
                signature.signature().outputs().stream().map(TensorSpec::name).collect(Collectors.toUnmodifiableSet());
        this.shapes = new OutputShapes(signature);
        this.check = new RequestCheck(signature.signature());
        this.whenClosed = whenClosed;
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
            Set<String> wanted = outputs.isEmpty() ? all : outputs;
            List<OnnxOutput> readers = outputs.isEmpty() ? signature.outputs() : readers(wanted);
            return compute(new OnnxCall(inputs, readers, wanted, places), cancellation);
        } finally {
            gate.leave();
        }
    }

    private List<OnnxOutput> readers(Set<String> wanted) {
        return signature.outputs().stream()
                .filter(o -> o.specs().stream().anyMatch(spec -> wanted.contains(spec.name())))
                .toList();
    }

    private Map<String, Tensor> compute(OnnxCall call, Cancellation cancellation) {
        CallSlot<V> slot = null;
        RunControl control = null;
        int place = 0;
        try {
            slot = slot();
            control = new RunControl(slot.runner());
            place = running.put(control);
            try (var registration = cancellation.onCancel(control::terminate)) {
                return slot.run(call);
            }
        } catch (OnnxFailure e) {
            throw OnnxErrors.run(file, e, control != null && control.end());
        } finally {
            boolean terminated = control != null && control.end();
            if (control != null) {
                running.remove(place, control);
            }
            // A runner that was terminated would end its next call too.
            if (slot != null && (terminated || !slots.give(slot))) {
                slot.close();
            }
        }
    }

    private CallSlot<V> slot() throws OnnxFailure {
        CallSlot<V> kept = slots.take();
        return kept == null ? new CallSlot<>(session, signature, shapes) : kept;
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
        slots.drain(CallSlot::close);
        session.close();
        whenClosed.accept(this);
    }
}
