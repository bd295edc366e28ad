package forge.ai.runtime.inference;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies of tensors, for those that outlive their request: a tensor may be a small part of a large buffer. */
final class OwnTensors {

    /** About what a tensor takes besides its contents. */
    private static final int OVERHEAD = 160;

    private OwnTensors() {}

    static Map<String, Tensor> copy(Map<String, Tensor> tensors) {
        Map<String, Tensor> copies = LinkedHashMap.newLinkedHashMap(tensors.size());
        tensors.forEach((name, tensor) -> copies.put(name, copy(tensor)));
        return Collections.unmodifiableMap(copies);
    }

    private static Tensor copy(Tensor tensor) {
        if (tensor.type() == DataType.BYTES) {
            return strings(tensor);
        }
        ByteBuffer data = tensor.data();
        return Tensor.of(
                tensor.type(),
                tensor.shape(),
                ByteBuffer.allocate(data.remaining()).put(data).flip());
    }

    private static Tensor strings(Tensor tensor) {
        List<byte[]> values = tensor.bytes().stream().map(byte[]::clone).toList();
        return Tensor.ofBytes(tensor.shape(), values);
    }

    /** The same tensors to be handed out: only byte strings could be written to, so only these are copied. */
    static Map<String, Tensor> handedOut(Map<String, Tensor> tensors) {
        Map<String, Tensor> safe = LinkedHashMap.newLinkedHashMap(tensors.size());
        tensors.forEach((name, tensor) -> safe.put(name, tensor.type() == DataType.BYTES ? strings(tensor) : tensor));
        return safe;
    }

    /** About the memory that they take. */
    static long bytes(Map<String, Tensor> tensors) {
        long sum = 0;
        for (Map.Entry<String, Tensor> one : tensors.entrySet()) {
            sum += OVERHEAD + 2L * one.getKey().length() + one.getValue().data().remaining();
            for (byte[] value : one.getValue().bytes()) {
                sum += 24 + value.length;
            }
        }
        return sum;
    }
}
