package forge.ai.backend.onnxffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.onnx.OnnxElements;
import forge.ai.runtime.support.onnx.OnnxFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the library's values from our tensors and ours from its. */
@SuppressWarnings("restricted")
final class ForeignTensors implements AutoCloseable {

    /** A tensor without elements needs an address too. */
    private final ByteBuffer nothing = ByteBuffer.allocateDirect(Long.BYTES);

    private static final int DEVICE_ALLOCATOR = 0;
    private static final int MEMORY_BY_DEFAULT = 0;

    private final OrtLibrary ort;
    private final MemorySegment memoryInfo;

    ForeignTensors(OrtLibrary ort) throws OnnxFailure {
        this.ort = ort;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            ort.call(OrtFunction.CREATE_CPU_MEMORY_INFO, DEVICE_ALLOCATOR, MEMORY_BY_DEFAULT, out);
            memoryInfo = out.get(ADDRESS, 0);
        }
    }

    ForeignValue over(DataType type, long[] shape, ByteBuffer data) throws OnnxFailure {
        MemorySegment memory = data.hasRemaining()
                ? MemorySegment.ofBuffer(data)
                : MemorySegment.ofBuffer(nothing).asSlice(0, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment dimensions = arena.allocateFrom(JAVA_LONG, shape);
            ort.over(memoryInfo, memory, dimensions, shape.length, OnnxElements.number(type), out);
            return new ForeignValue(out.get(ADDRESS, 0), data);
        }
    }

    ForeignValue ofBytes(long[] shape, List<byte[]> values) throws OnnxFailure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            ort.call(
                    OrtFunction.CREATE_TENSOR_AS_VALUE,
                    ort.allocator(),
                    arena.allocateFrom(JAVA_LONG, shape),
                    (long) shape.length,
                    OnnxElements.number(DataType.BYTES),
                    out);
            ForeignValue value = new ForeignValue(out.get(ADDRESS, 0), null);
            try {
                fill(value.handle(), values, out);
            } catch (OnnxFailure e) {
                release(value);
                throw e;
            }
            return value;
        }
    }

    private void fill(MemorySegment tensor, List<byte[]> values, MemorySegment out) throws OnnxFailure {
        for (int i = 0; i < values.size(); i++) {
            byte[] bytes = values.get(i);
            ort.call(OrtFunction.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER, tensor, (long) i, (long) bytes.length, out);
            MemorySegment.copy(bytes, 0, out.get(ADDRESS, 0).reinterpret(bytes.length), JAVA_BYTE, 0, bytes.length);
        }
    }

    /** A copy. */
    Tensor read(ForeignValue value) throws OnnxFailure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            ort.call(OrtFunction.GET_TENSOR_TYPE_AND_SHAPE, value.handle(), out);
            MemorySegment info = out.get(ADDRESS, 0);
            try {
                ort.call(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info, out);
                DataType type = OnnxElements.type(out.get(JAVA_INT, 0)).orElseThrow();
                ort.call(OrtFunction.GET_DIMENSIONS_COUNT, info, out);
                long rank = out.get(JAVA_LONG, 0);
                MemorySegment shape = arena.allocate(JAVA_LONG, rank);
                ort.call(OrtFunction.GET_DIMENSIONS, info, shape, rank);
                return read(value.handle(), type, shape.toArray(JAVA_LONG), arena);
            } finally {
                ort.release(OrtFunction.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO, info);
            }
        }
    }

    private Tensor read(MemorySegment tensor, DataType type, long[] shape, Arena arena) throws OnnxFailure {
        if (type == DataType.BYTES) {
            return Tensor.ofBytes(shape, texts(tensor, OnnxElements.count(shape), arena));
        }
        ByteBuffer copy = ByteBuffer.allocate(OnnxElements.bytes(type, shape));
        if (copy.hasRemaining()) {
            MemorySegment out = arena.allocate(ADDRESS);
            ort.call(OrtFunction.GET_TENSOR_MUTABLE_DATA, tensor, out);
            MemorySegment.ofBuffer(copy).copyFrom(out.get(ADDRESS, 0).reinterpret(copy.capacity()));
        }
        return Tensor.of(type, shape, copy);
    }

    private List<byte[]> texts(MemorySegment tensor, int count, Arena arena) throws OnnxFailure {
        List<byte[]> texts = new ArrayList<>(count);
        if (count == 0) {
            return texts;
        }
        MemorySegment out = arena.allocate(JAVA_LONG);
        ort.call(OrtFunction.GET_STRING_TENSOR_DATA_LENGTH, tensor, out);
        long length = out.get(JAVA_LONG, 0);
        MemorySegment content = arena.allocate(Math.max(1, length));
        MemorySegment offsets = arena.allocate(JAVA_LONG, count);
        ort.call(OrtFunction.GET_STRING_TENSOR_CONTENT, tensor, content, length, offsets, (long) count);
        for (int i = 0; i < count; i++) {
            long start = offsets.getAtIndex(JAVA_LONG, i);
            long end = i + 1 < count ? offsets.getAtIndex(JAVA_LONG, i + 1L) : length;
            texts.add(content.asSlice(start, end - start).toArray(JAVA_BYTE));
        }
        return texts;
    }

    List<Map<Object, Number>> scores(ForeignValue list) throws OnnxFailure {
        List<Map<Object, Number>> rows = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            ort.call(OrtFunction.GET_VALUE_COUNT, list.handle(), out);
            long count = out.get(JAVA_LONG, 0);
            for (int i = 0; i < count; i++) {
                ForeignValue map = part(list, i, out);
                try {
                    rows.add(row(map, out));
                } finally {
                    release(map);
                }
            }
        }
        return rows;
    }

    private Map<Object, Number> row(ForeignValue map, MemorySegment out) throws OnnxFailure {
        Tensor labels = readPart(map, 0, out);
        Tensor scores = readPart(map, 1, out);
        Map<Object, Number> row = new HashMap<>();
        for (int i = 0; i < labels.elements(); i++) {
            Object label = labels.type() == DataType.BYTES
                    ? labels.toStrings().get(i)
                    : (Object) labels.data().getLong(i * Long.BYTES);
            row.put(
                    label,
                    switch (scores.type()) {
                        case FP32 -> scores.data().getFloat(i * Float.BYTES);
                        case FP64 -> scores.data().getDouble(i * Double.BYTES);
                        default -> scores.data().getLong(i * Long.BYTES);
                    });
        }
        return row;
    }

    private Tensor readPart(ForeignValue whole, int index, MemorySegment out) throws OnnxFailure {
        ForeignValue part = part(whole, index, out);
        try {
            return read(part);
        } finally {
            release(part);
        }
    }

    private ForeignValue part(ForeignValue whole, int index, MemorySegment out) throws OnnxFailure {
        ort.call(OrtFunction.GET_VALUE, whole.handle(), index, ort.allocator(), out);
        return new ForeignValue(out.get(ADDRESS, 0), null);
    }

    void release(ForeignValue value) {
        ort.release(OrtFunction.RELEASE_VALUE, value.handle());
    }

    @Override
    public void close() {
        ort.release(OrtFunction.RELEASE_MEMORY_INFO, memoryInfo);
    }
}
