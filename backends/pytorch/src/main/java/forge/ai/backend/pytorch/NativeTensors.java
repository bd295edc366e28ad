package forge.ai.backend.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The tensors of one call in native memory; closing it gives them back. */
final class NativeTensors implements AutoCloseable {

    private final PtNDManager manager;
    private final List<AutoCloseable> open = new ArrayList<>();

    NativeTensors(PtNDManager manager) {
        this.manager = manager;
    }

    /** An argument for {@code forward}; numbers stay where they are if they lie outside of the Java heap. */
    IValue argument(TensorSpec spec, Tensor tensor) {
        if (tensor.type() == DataType.BYTES) {
            return text(spec, tensor);
        }
        PtNDArray array = keep(JniUtils.createNdFromByteBuffer(
                manager,
                outsideOfTheHeap(tensor),
                new Shape(tensor.shape()),
                ElementTypes.torch(tensor.type())
                        .orElseThrow(() -> new UnsupportedException("PyTorch takes no tensors of " + tensor.type())),
                SparseFormat.DENSE,
                Device.cpu()));
        return keep(IValue.from(array));
    }

    private IValue text(TensorSpec spec, Tensor tensor) {
        List<String> texts = tensor.toStrings();
        if (spec.shape().length == 0) {
            return keep(IValue.from(texts.getFirst()));
        } else if (texts.isEmpty()) {
            throw new InvalidRequestException("the input " + spec.name() + " holds no text; expected: one or more");
        }
        return keep(IValue.listFrom(
                texts.stream().map(text -> keep(IValue.from(text))).toArray(IValue[]::new)));
    }

    private static ByteBuffer outsideOfTheHeap(Tensor tensor) {
        ByteBuffer data = tensor.data();
        if (data.isDirect() && data.alignmentOffset(0, tensor.type().bytes()) == 0) {
            return data;
        }
        return Tensor.allocateDirect(tensor.type(), tensor.elements()).put(data).flip();
    }

    /** A copy of a result that outlives it. */
    Tensor copy(IValue value, String name) {
        PtNDArray array = keep(value.toTensor(manager));
        DataType type = ElementTypes.of(array.getDataType())
                .orElseThrow(() -> new UnsupportedException(
                        "the output %s has elements of %s".formatted(name, array.getDataType())));
        long[] shape = array.getShape().getShape();
        return Tensor.of(
                type,
                shape,
                ByteBuffer.wrap(JniUtils.getByteBuffer(array, false).array()));
    }

    /** Closes it with the others, the last one first. */
    <T extends AutoCloseable> T keep(T one) {
        open.add(one);
        return one;
    }

    @Override
    public void close() {
        open.reversed().forEach(one -> {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
