package forge.ai.backend.tensorflow;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TString;

/** Makes TensorFlow's tensors from ours and ours from its. */
final class NativeTensors {

    private NativeTensors() {}

    /** A copy that the caller closes. */
    static org.tensorflow.Tensor of(Tensor tensor) {
        Shape shape = Shape.of(tensor.shape());
        if (tensor.type() == DataType.BYTES) {
            return TString.tensorOfBytes(
                    shape, DataBuffers.ofObjects(tensor.bytes().toArray(byte[][]::new)));
        }
        ByteBuffer data = tensor.data();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return org.tensorflow.Tensor.of(
                ElementTypes.tensorFlow(tensor.type()),
                shape,
                bytes.length,
                to -> to.asRawTensor().data().write(bytes));
    }

    /** A copy that outlives {@code tensor}. */
    static Tensor of(org.tensorflow.Tensor tensor, String name) {
        DataType type = ElementTypes.of(tensor.dataType(), name);
        long[] shape = tensor.shape().asArray();
        if (type == DataType.BYTES) {
            List<byte[]> texts = new ArrayList<>();
            ((TString) tensor).asBytes().scalars().forEach(scalar -> texts.add(scalar.getObject()));
            return Tensor.ofBytes(shape, texts);
        }
        ByteDataBuffer data = tensor.asRawTensor().data();
        byte[] bytes = new byte[Tensor.elements(shape) * type.bytes()];
        data.read(bytes);
        return Tensor.of(type, shape, ByteBuffer.wrap(bytes));
    }
}
