package forge.ai.runtime.support.onnx;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one call needs of the runtime, kept for the next one: a steady load of small requests takes no native memory
 * anew.
 *
 * @param <V> a value of the runtime
 */
final class CallSlot<V> implements AutoCloseable {

    private final OnnxSession<V> session;
    private final OnnxRunner<V> runner;
    private final OutputShapes shapes;
    private final Map<String, PinnedTensor<V>> inputs = new LinkedHashMap<>();
    private final Map<String, PinnedTensor<V>> outputs = new LinkedHashMap<>();

    CallSlot(OnnxSession<V> session, OnnxSignature signature, OutputShapes shapes) throws OnnxFailure {
        this.session = session;
        this.shapes = shapes;
        this.runner = session.newRunner();
        signature
                .signature()
                .inputs()
                .forEach(spec -> inputs.put(spec.name(), new PinnedTensor<>(session, spec.type())));
        signature
                .signature()
                .outputs()
                .forEach(spec -> outputs.put(spec.name(), new PinnedTensor<>(session, spec.type())));
    }

    OnnxRunner<V> runner() {
        return runner;
    }

    /** Computes once. */
    Map<String, Tensor> run(OnnxCall call) throws OnnxFailure {
        List<V> passing = new ArrayList<>(0);
        List<String> names = new ArrayList<>(call.inputs().size());
        List<V> values = new ArrayList<>(call.inputs().size());
        try {
            for (Map.Entry<String, Tensor> input : call.inputs().entrySet()) {
                names.add(input.getKey());
                values.add(value(input.getKey(), input.getValue(), passing));
            }
            return run(call, names, values, passing);
        } catch (OnnxFailure e) {
            if (!shapes.distrust(e)) {
                throw e;
            }
            return run(call, names, values, passing);
        } finally {
            passing.forEach(session::release);
        }
    }

    private V value(String name, Tensor tensor, List<V> passing) throws OnnxFailure {
        ByteBuffer data = tensor.data();
        if (PinnedTensor.fits(data.remaining())) {
            return inputs.get(name).put(tensor.shape(), data);
        }
        V value = tensor.type() == DataType.BYTES
                ? session.ofBytes(tensor.shape(), tensor.bytes())
                : session.over(tensor.type(), tensor.shape(), outsideOfTheHeap(tensor, data));
        passing.add(value);
        return value;
    }

    private static ByteBuffer outsideOfTheHeap(Tensor tensor, ByteBuffer data) {
        if (data.isDirect() && data.alignmentOffset(0, Math.max(tensor.type().bytes(), 1)) == 0) {
            return data;
        }
        return Tensor.allocateDirect(tensor.type(), tensor.elements()).put(data).flip();
    }

    private Map<String, Tensor> run(OnnxCall call, List<String> names, List<V> values, List<V> passing)
            throws OnnxFailure {
        int count = call.outputs().size();
        List<String> asked = new ArrayList<>(count);
        List<long @Nullable []> known = new ArrayList<>(count);
        List<@Nullable V> results = new ArrayList<>(count);
        for (OnnxOutput output : call.outputs()) {
            Tensor place = call.places().get(output.name());
            long[] shape = place == null ? shapes.of(output, call.inputs()) : null;
            asked.add(output.name());
            known.add(shape);
            results.add(place != null ? over(place, passing) : shape != null ? pinned(output, shape) : null);
        }
        try {
            runner.run(names, values, asked, results);
            return read(call, known, results);
        } finally {
            for (int i = 0; i < count; i++) {
                V made = results.get(i);
                if (known.get(i) == null && made != null && !call.places().containsKey(asked.get(i))) {
                    session.release(made);
                }
            }
        }
    }

    private V over(Tensor place, List<V> passing) throws OnnxFailure {
        V value = session.over(place.type(), place.shape(), place.data());
        passing.add(value);
        return value;
    }

    private V pinned(OnnxOutput output, long[] shape) throws OnnxFailure {
        PinnedTensor<V> pinned = outputs.get(output.name());
        return pinned.value(shape, bytes(pinned.type(), shape));
    }

    private Map<String, Tensor> read(OnnxCall call, List<long @Nullable []> known, List<V> results) throws OnnxFailure {
        Map<String, Tensor> computed = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
            OnnxOutput output = call.outputs().get(i);
            long[] shape = known.get(i);
            Tensor place = call.places().get(output.name());
            if (place != null) {
                computed.put(output.name(), place);
            } else if (shape == null) {
                output.read(session, results.get(i), call.wanted(), computed);
            } else {
                PinnedTensor<V> pinned = outputs.get(output.name());
                ByteBuffer copy = pinned.copy(bytes(pinned.type(), shape));
                computed.put(output.name(), Tensor.of(pinned.type(), shape, copy));
            }
        }
        return computed;
    }

    private static int bytes(DataType type, long[] shape) {
        return Tensor.elements(shape) * type.bytes();
    }

    @Override
    public void close() {
        inputs.values().forEach(PinnedTensor::close);
        outputs.values().forEach(PinnedTensor::close);
        runner.close();
    }
}
