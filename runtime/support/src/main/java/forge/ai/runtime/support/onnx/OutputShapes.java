package forge.ai.runtime.support.onnx;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of outputs before they are computed, where the graph says them: each dimension a number, or a name that an
 * input's dimension has too.
 */
final class OutputShapes {

    private static final int LARGE = PinnedTensor.MOST_BYTES + 1;

    private static final Pattern WRONG =
            Pattern.compile("but the computed output shape for this run is|shape verification failed");

    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Dimension[]> dimensions = new HashMap<>();
    private volatile boolean reliable = true;

    private record Place(String input, int axis) {}

    /** A size, or where it is found. */
    private record Dimension(long size, @Nullable Place place) {}

    OutputShapes(OnnxSignature signature) {
        for (OnnxNode.OfTensor input : signature.inputs()) {
            for (int axis = 0; axis < input.shape().length; axis++) {
                String name = input.dimensions().get(axis);
                if (!name.isEmpty()) {
                    places.putIfAbsent(name, new Place(input.name(), axis));
                }
            }
        }
        for (OnnxOutput output : signature.outputs()) {
            if (output instanceof OnnxOutput.OfTensor tensor && tensor.spec().type() != DataType.BYTES) {
                Dimension[] known = dimensions(tensor.spec(), tensor.dimensions());
                if (known != null) {
                    dimensions.put(output.name(), known);
                }
            }
        }
    }

    private Dimension @Nullable [] dimensions(TensorSpec spec, List<String> names) {
        long[] shape = spec.shape();
        Dimension[] all = new Dimension[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            Place place = places.get(names.get(axis));
            if (shape[axis] < 0 && place == null) {
                return null;
            }
            all[axis] = new Dimension(shape[axis], shape[axis] < 0 ? place : null);
        }
        return all;
    }

    /** Whether a call failed because the graph does not keep to what it says; then it is not believed any more. */
    boolean distrust(OnnxFailure failure) {
        boolean wrong = reliable && WRONG.matcher(failure.getMessage()).find();
        if (wrong) {
            reliable = false;
        }
        return wrong;
    }

    /** Null where it is not known, or where the output is too large or too empty to be worth it. */
    long @Nullable [] of(OnnxOutput output, Map<String, Tensor> given) {
        Dimension[] known = reliable ? dimensions.get(output.name()) : null;
        if (known == null) {
            return null;
        }
        long[] shape = new long[known.length];
        long bytes = ((OnnxOutput.OfTensor) output).spec().type().bytes();
        for (int axis = 0; axis < shape.length; axis++) {
            Place place = known[axis].place;
            shape[axis] =
                    place == null ? known[axis].size : given.get(place.input).dimension(place.axis);
            bytes = Math.min(LARGE, bytes * Math.min(LARGE, shape[axis]));
        }
        return PinnedTensor.fits(bytes) ? shape : null;
    }
}
