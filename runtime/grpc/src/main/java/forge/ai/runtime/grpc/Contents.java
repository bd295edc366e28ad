package forge.ai.runtime.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Tensors in typed fields, each type in the field that the protocol has for it; half precision has none. */
final class Contents {

    private Contents() {}

    /** Whether there is a field for a type. */
    static boolean typed(DataType type) {
        return type != DataType.FP16 && type != DataType.BF16;
    }

    /**
     * @param at where in the request, for errors
     * @throws InvalidRequestException if the values are not those of type and shape
     */
    static Tensor read(DataType type, long[] shape, InferTensorContents contents, String at) {
        if (!typed(type)) {
            throw refused(at, "no field for " + type + "; give it in raw_input_contents");
        }
        int elements = Tensor.elements(shape);
        int found = count(type, contents);
        if (found != elements || all(contents) != found) {
            throw refused(
                    at,
                    "%d values in %s and %d in others; expected for %s%s: %d and 0"
                            .formatted(
                                    found, field(type), all(contents) - found, type, Arrays.toString(shape), elements));
        }
        if (type == DataType.BYTES) {
            return Tensor.ofBytes(
                    shape,
                    contents.getBytesContentsList().stream()
                            .map(ByteString::toByteArray)
                            .toList());
        }
        if ((long) elements * type.bytes() > Integer.MAX_VALUE) {
            throw refused(at, "more than 2 GiB");
        }
        // On the heap: a buffer outside of it costs more to get than small tensors to copy.
        ByteBuffer numbers = ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            put(type, contents, i, numbers, at);
        }
        return Tensor.of(type, shape, numbers.flip());
    }

    private static String field(DataType type) {
        return switch (type) {
            case BOOL -> "bool_contents";
            case INT8, INT16, INT32 -> "int_contents";
            case INT64 -> "int64_contents";
            case UINT8, UINT16, UINT32 -> "uint_contents";
            case UINT64 -> "uint64_contents";
            case FP32 -> "fp32_contents";
            case FP64 -> "fp64_contents";
            case BYTES -> "bytes_contents";
            case FP16, BF16 -> throw new IllegalArgumentException("no field for " + type);
        };
    }

    private static int count(DataType type, InferTensorContents contents) {
        return switch (type) {
            case BOOL -> contents.getBoolContentsCount();
            case INT8, INT16, INT32 -> contents.getIntContentsCount();
            case INT64 -> contents.getInt64ContentsCount();
            case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
            case UINT64 -> contents.getUint64ContentsCount();
            case FP32 -> contents.getFp32ContentsCount();
            case FP64 -> contents.getFp64ContentsCount();
            case BYTES -> contents.getBytesContentsCount();
            case FP16, BF16 -> 0;
        };
    }

    private static long all(InferTensorContents contents) {
        return (long) contents.getBoolContentsCount()
                + contents.getIntContentsCount()
                + contents.getInt64ContentsCount()
                + contents.getUintContentsCount()
                + contents.getUint64ContentsCount()
                + contents.getFp32ContentsCount()
                + contents.getFp64ContentsCount()
                + contents.getBytesContentsCount();
    }

    private static void put(DataType type, InferTensorContents contents, int i, ByteBuffer into, String at) {
        switch (type) {
            case FP32 -> into.putFloat(contents.getFp32Contents(i));
            case FP64 -> into.putDouble(contents.getFp64Contents(i));
            case INT64 -> into.putLong(contents.getInt64Contents(i));
            case INT32 -> into.putInt(contents.getIntContents(i));
            case INT16 ->
                into.putShort((short) within(contents.getIntContents(i), Short.MIN_VALUE, Short.MAX_VALUE, at));
            case INT8 -> into.put((byte) within(contents.getIntContents(i), Byte.MIN_VALUE, Byte.MAX_VALUE, at));
            case UINT64 -> into.putLong(contents.getUint64Contents(i));
            case UINT32 -> into.putInt(contents.getUintContents(i));
            case UINT16 -> into.putShort((short) within(contents.getUintContents(i), 0, 0xFFFF, at));
            case UINT8 -> into.put((byte) within(contents.getUintContents(i), 0, 0xFF, at));
            case BOOL -> into.put((byte) (contents.getBoolContents(i) ? 1 : 0));
            case FP16, BF16, BYTES -> throw new IllegalArgumentException(type + " is read elsewhere");
        }
    }

    private static int within(int value, int least, int most, String at) {
        if (value < least || value > most) {
            throw refused(at, "a value out of range; expected: whole numbers from " + least + " to " + most);
        }
        return value;
    }

    private static InvalidRequestException refused(String at, String what) {
        return new InvalidRequestException(at + " has " + what, ErrorDetails.NONE.withParameter(at));
    }

    /** The values of a tensor of a type for which there is a field. */
    static InferTensorContents write(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        if (tensor.type() == DataType.BYTES) {
            tensor.bytes().forEach(one -> contents.addBytesContents(UnsafeByteOperations.unsafeWrap(one)));
            return contents.build();
        }
        ByteBuffer data = tensor.data();
        for (int i = 0; i < tensor.elements(); i++) {
            add(tensor.type(), data, contents);
        }
        return contents.build();
    }

    private static void add(DataType type, ByteBuffer data, InferTensorContents.Builder to) {
        switch (type) {
            case FP32 -> to.addFp32Contents(data.getFloat());
            case FP64 -> to.addFp64Contents(data.getDouble());
            case INT64 -> to.addInt64Contents(data.getLong());
            case INT32 -> to.addIntContents(data.getInt());
            case INT16 -> to.addIntContents(data.getShort());
            case INT8 -> to.addIntContents(data.get());
            case UINT64 -> to.addUint64Contents(data.getLong());
            case UINT32 -> to.addUintContents(data.getInt());
            case UINT16 -> to.addUintContents(data.getShort() & 0xFFFF);
            case UINT8 -> to.addUintContents(data.get() & 0xFF);
            case BOOL -> to.addBoolContents(data.get() != 0);
            case FP16, BF16, BYTES -> throw new IllegalArgumentException(type + " is written elsewhere");
        }
    }
}
