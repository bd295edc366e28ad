package forge.ai.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtUtil;
import forge.ai.api.InternalException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.onnx.OnnxElements;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes ONNX Runtime's tensors from ours and ours from its. */
final class NativeTensors {

    private final OrtEnvironment environment;
    private final UnsignedTensors unsigned;

    NativeTensors(OrtEnvironment environment) {
        this.environment = environment;
        this.unsigned = new UnsignedTensors(environment);
    }

    OnnxTensor ofTexts(long[] shape, List<byte[]> values) throws OrtException {
        String[] texts = values.stream()
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toArray(String[]::new);
        return OnnxTensor.createTensor(environment, texts, shape);
    }

    /** A tensor over a direct buffer, which holds its numbers from position 0 as long as it is open. */
    OnnxTensor over(DataType type, long[] shape, ByteBuffer data) throws OrtException {
        return switch (type) {
            case BOOL -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.BOOL);
            case UINT8 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.UINT8);
            case INT8 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.INT8);
            case INT16 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.INT16);
            case INT32 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.INT32);
            case INT64 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.INT64);
            case FP16 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.FLOAT16);
            case BF16 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.BFLOAT16);
            case FP32 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.FLOAT);
            case FP64 -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.DOUBLE);
            case UINT16, UINT32, UINT64 -> unsigned.over(type, shape, data);
            case BYTES -> throw new InternalException("byte strings do not lie in one buffer");
        };
    }

    /** A copy that outlives {@code tensor}. */
    Tensor of(OnnxTensor tensor) throws OrtException {
        DataType type = ElementTypes.of(tensor.getInfo().onnxType).orElseThrow();
        long[] shape = tensor.getInfo().getShape();
        if (type == DataType.BYTES) {
            return Tensor.ofStrings(shape, strings(tensor, shape));
        }
        return OnnxElements.bytes(type, shape) == 0
                ? Tensor.of(type, shape, ByteBuffer.allocate(0))
                : Tensor.of(type, shape, tensor.getByteBuffer().order(ByteOrder.nativeOrder()));
    }

    private static List<String> strings(OnnxTensor tensor, long[] shape) throws OrtException {
        if (OnnxElements.count(shape) == 0) {
            return List.of();
        }
        Object value = tensor.getValue();
        return value instanceof String one ? List.of(one) : List.of(OrtUtil.flattenString(value));
    }
}
