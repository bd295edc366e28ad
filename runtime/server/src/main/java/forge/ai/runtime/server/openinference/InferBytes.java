package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.openinference.BinaryTensors;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a body: JSON, and behind it the bytes of tensors in the order of the inputs. */
final class InferBytes {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(100)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final byte[] bytes;
    private final int jsonLength;
    private int next;

    InferBytes(byte[] bytes, int jsonLength) {
        this.bytes = bytes;
        this.jsonLength = jsonLength;
        this.next = jsonLength;
    }

    int jsonLength() {
        return jsonLength;
    }

    JsonParser parser() throws IOException {
        return FACTORY.createParser(bytes, 0, jsonLength);
    }

    /** A parser that begins at a place of the JSON. */
    JsonParser again(long from) throws IOException {
        return FACTORY.createParser(bytes, (int) from, jsonLength - (int) from);
    }

    /** How many bytes behind the JSON no tensor has had yet. */
    int left() {
        return bytes.length - next;
    }

    /** The tensor that lies next behind the JSON. */
    Tensor tensor(DataType type, long[] shape, int size, String at) {
        Tensor tensor = BinaryTensors.read(type, shape, ByteBuffer.wrap(bytes, next, size), at);
        next += size;
        return tensor;
    }

    /** @throws InvalidRequestException if bytes are left that belong to no tensor */
    void checkAllRead() {
        if (left() > 0) {
            throw new InvalidRequestException("%d bytes follow the JSON, but the inputs' binary_data_size add up to %d"
                    .formatted(bytes.length - jsonLength, next - jsonLength));
        }
    }
}
