package forge.ai.backend.onnxoptimize;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Inputs made up from a signature, always the same: floating point numbers are normally distributed, whole numbers are
 * rows of the table that they are looked up in, or 1, as in the mask of a text without gaps.
 */
final class RandomInputs {

    private static final int CALLS = 8;
    private static final int ROWS = 8;
    private static final int LENGTH = 16;

    private final OnnxFile file;
    private final Random random = new Random(7);

    private RandomInputs(OnnxFile file) {
        this.file = file;
    }

    static List<Map<String, Tensor>> of(ModelSignature signature, OnnxFile file) {
        RandomInputs inputs = new RandomInputs(file);
        List<Map<String, Tensor>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            Map<String, Tensor> call = new LinkedHashMap<>();
            signature.inputs().forEach(spec -> call.put(spec.name(), inputs.tensor(spec)));
            calls.add(call);
        }
        return calls;
    }

    private Tensor tensor(TensorSpec spec) {
        if (spec.type() == DataType.BYTES) {
            throw new InvalidRequestException(
                    "the input %s takes texts, which are not made up: give inputs".formatted(spec.name()));
        }
        long[] shape = spec.shape();
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = shape[axis] >= 0 ? shape[axis] : axis == 0 ? ROWS : LENGTH;
        }
        ByteBuffer data = Tensor.allocate(spec.type(), Tensor.elements(shape));
        long bound = file.rowsLookedUpBy(spec.name()).orElse(0);
        while (data.hasRemaining()) {
            put(data, spec, bound);
        }
        return Tensor.of(spec.type(), shape, data.flip());
    }

    private void put(ByteBuffer data, TensorSpec spec, long bound) {
        long whole = bound > 0 ? random.nextLong(bound) : 1;
        double real = random.nextGaussian();
        switch (spec.type()) {
            case FP32 -> data.putFloat((float) real);
            case FP64 -> data.putDouble(real);
            case FP16 -> data.putShort(Float.floatToFloat16((float) real));
            case BF16 -> data.putShort((short) (Float.floatToIntBits((float) real) >>> 16));
            case BOOL, UINT8, INT8 -> data.put((byte) whole);
            case UINT16, INT16 -> data.putShort((short) whole);
            case UINT32, INT32 -> data.putInt((int) whole);
            case UINT64, INT64 -> data.putLong(whole);
            case BYTES -> throw new IllegalArgumentException("texts are not made up");
        }
    }

    /** Whether the type is one of floating point numbers. */
    static boolean real(DataType type) {
        return type == DataType.FP32 || type == DataType.FP64 || type == DataType.FP16 || type == DataType.BF16;
    }
}
