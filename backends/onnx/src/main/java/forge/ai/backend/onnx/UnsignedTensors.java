package forge.ai.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import forge.ai.api.UnsupportedException;
import forge.ai.api.tensor.DataType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Tensors of 16, 32 and 64 bit integers without sign.
 *
 * <p>The runtime has them but its Java interface makes none, so the native function under it is called.
 */
final class UnsignedTensors {

    private final MethodHandle create;
    private final MethodHandle tensor;
    private final MethodHandle info;
    private final long allocator;
    private final long api;

    UnsignedTensors(OrtEnvironment environment) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(OnnxTensor.class, MethodHandles.lookup());
            Class<?> runtime = lookup.findClass("ai.onnxruntime.OnnxRuntime");
            Class<?> allocators = lookup.findClass("ai.onnxruntime.OrtAllocator");
            MethodType from = MethodType.methodType(
                    long.class, long.class, long.class, Buffer.class, int.class, long.class, long[].class, int.class);
            create = lookup.findStatic(OnnxTensor.class, "createTensorFromBuffer", from);
            tensor = lookup.findConstructor(
                    OnnxTensor.class,
                    MethodType.methodType(
                            void.class, long.class, long.class, TensorInfo.class, Buffer.class, boolean.class));
            info = lookup.findConstructor(
                    TensorInfo.class,
                    MethodType.methodType(void.class, long[].class, OnnxJavaType.class, OnnxTensorType.class));
            api = (long)
                    lookup.findStaticGetter(runtime, "ortApiHandle", long.class).invoke();
            Object byDefault = lookup.findGetter(OrtEnvironment.class, "defaultAllocator", allocators)
                    .invoke(environment);
            allocator =
                    (long) lookup.findGetter(allocators, "handle", long.class).invoke(byDefault);
        } catch (Throwable e) {
            throw new UnsupportedException("this version of ONNX Runtime does not fit the backend: " + e.getMessage());
        }
    }

    OnnxTensor over(DataType type, long[] shape, ByteBuffer data) throws OrtException {
        OnnxTensorType onnx = ElementTypes.onnx(type);
        try {
            long handle =
                    (long) create.invoke(api, allocator, (Buffer) data, 0, (long) data.remaining(), shape, onnx.value);
            Object described = info.invoke(shape, OnnxJavaType.mapFromOnnxTensorType(onnx), onnx);
            return (OnnxTensor) tensor.invoke(handle, allocator, (TensorInfo) described, (Buffer) data, false);
        } catch (OrtException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
