package forge.ai.runtime.support.openinference;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tensors as raw bytes, the way that the binary data extension and gRPC have them: numbers little-endian, each byte
 * string after its length in four bytes.
 */
public final class BinaryTensors {

    private BinaryTensors() {}

    /**
     * A tensor over the remaining bytes, which are kept and must not change afterwards.
     *
     * @param at where in the request they are, for errors
     * @throws InvalidRequestException if their number does not fit type and shape
     */
    public static Tensor read(DataType type, long[] shape, ByteBuffer bytes, String at) {
        int elements = Tensor.elements(shape);
        int size = bytes.remaining();
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (type == DataType.BYTES) {
            return Tensor.ofBytes(shape, strings(data, elements, at));
        }
        if (size != (long) elements * type.bytes()) {
            throw refused(
                    at,
                    "%d bytes; expected for %s%s: %d"
                            .formatted(size, type, Arrays.toString(shape), (long) elements * type.bytes()));
        }
        return Tensor.of(type, shape, data);
    }

    private static List<byte[]> strings(ByteBuffer data, int elements, String at) {
        List<byte[]> strings = new ArrayList<>();
        while (data.remaining() >= 4 && strings.size() < elements) {
            int length = data.getInt();
            if (length < 0 || length > data.remaining()) {
                throw refused(at, "a byte string that is longer than the data");
            }
            byte[] one = new byte[length];
            data.get(one);
            strings.add(one);
        }
        if (data.hasRemaining() || strings.size() != elements) {
            throw refused(at, "bytes of another number of byte strings; expected: " + elements);
        }
        return strings;
    }

    /** The bytes of a tensor. */
    public static byte[] write(Tensor tensor) {
        if (tensor.type() != DataType.BYTES) {
            byte[] bytes = new byte[tensor.data().remaining()];
            tensor.data().get(bytes);
            return bytes;
        }
        int size = tensor.bytes().stream().mapToInt(b -> 4 + b.length).sum();
        ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        tensor.bytes().forEach(b -> data.putInt(b.length).put(b));
        return data.array();
    }

    private static InvalidRequestException refused(String at, String what) {
        return new InvalidRequestException(at + " has " + what, ErrorDetails.NONE.withParameter(at));
    }
}
