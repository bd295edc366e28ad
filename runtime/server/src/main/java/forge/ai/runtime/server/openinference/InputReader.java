package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonParser;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads one input of a request; its fields may come in any order. */
final class InputReader {

    private static final int MOST_DIMENSIONS = 16;
    private static final String TYPES = "one of " + Arrays.toString(DataType.values());

    private final Cursor json;
    private final InferBytes bytes;
    private final String at;
    private String name = "";
    private @Nullable DataType type;
    private long @Nullable [] shape;
    private @Nullable Tensor tensor;
    private long dataAt = -1;
    private int size = -1;

    InputReader(Cursor json, InferBytes bytes, String at) {
        this.json = json;
        this.bytes = bytes;
        this.at = at;
    }

    String name() {
        return name;
    }

    Tensor read() throws IOException {
        json.object(at, "an object with name, datatype, shape and data", this::field);
        Cursor.require(!name.isEmpty(), at + ".name", "a text");
        DataType known = type;
        long[] sizes = shape;
        if (known == null || sizes == null) {
            throw known == null
                    ? Cursor.wrong(at + ".datatype", TYPES)
                    : Cursor.wrong(at + ".shape", "a list of sizes");
        }
        if (size >= 0) {
            Cursor.require(tensor == null && dataAt < 0, at + ".data", "nothing beside binary_data_size");
            return bytes.tensor(known, sizes, size, at);
        }
        if (dataAt >= 0) {
            try (JsonParser values = bytes.again(dataAt)) {
                values.nextToken();
                return values(values, known, sizes);
            }
        }
        Tensor read = tensor;
        if (read == null) {
            throw Cursor.wrong(at + ".data", "a list of values");
        }
        return read;
    }

    private void field(String field) throws IOException {
        switch (field) {
            case "name" -> name = json.text(at + ".name");
            case "datatype" -> type = type();
            case "shape" -> shape = shape();
            case "data" -> data();
            case "parameters" -> json.object(at + ".parameters", "an object", this::parameter);
            default -> json.skip();
        }
    }

    private void parameter(String parameter) throws IOException {
        if (parameter.equals("binary_data_size")) {
            size = (int) json.whole(at + ".parameters.binary_data_size", 0, bytes.left());
        } else {
            json.skip();
        }
    }

    private void data() throws IOException {
        json.array(at + ".data", "a list of values");
        DataType known = type;
        long[] sizes = shape;
        if (known != null && sizes != null) {
            tensor = values(json.parser(), known, sizes);
        } else {
            // Type and shape may come after the values: then these are read once more, later.
            dataAt = json.parser().currentTokenLocation().getByteOffset();
            json.skip();
        }
    }

    private Tensor values(JsonParser values, DataType known, long[] sizes) throws IOException {
        return new TensorReader(values, at + ".data", bytes.jsonLength()).read(known, sizes);
    }

    private DataType type() throws IOException {
        try {
            return DataType.valueOf(json.text(at + ".datatype"));
        } catch (IllegalArgumentException e) {
            throw Cursor.wrong(at + ".datatype", TYPES);
        }
    }

    private long[] shape() throws IOException {
        json.array(at + ".shape", "a list of sizes");
        long[] sizes = new long[MOST_DIMENSIONS];
        int rank = 0;
        while (json.next()) {
            Cursor.require(rank < MOST_DIMENSIONS, at + ".shape", "a list of at most " + MOST_DIMENSIONS + " sizes");
            sizes[rank++] = json.whole(at + ".shape", 0, Long.MAX_VALUE);
        }
        return Arrays.copyOf(sizes, rank);
    }
}
