package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/** Reads the body of an inference request: one pass over its JSON, numbers straight into tensors. */
final class InferReader {

    private static final int DEPTH = 32;
    private static final int MOST_DIMENSIONS = 16;
    private static final int MOST_TENSORS = 1024;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxNumberLength(100)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final byte[] bytes;
    private final int jsonLength;
    private final JsonParser parser;
    private final InferBody body = new InferBody();
    private int next;

    /** @param jsonLength how many of the bytes are JSON; behind it are the bytes of tensors, in the inputs' order */
    private InferReader(byte[] bytes, int jsonLength, JsonParser parser) {
        this.bytes = bytes;
        this.jsonLength = jsonLength;
        this.parser = parser;
        this.next = jsonLength;
    }

    /** @throws InvalidRequestException if the body is not an inference request; the message says where */
    static InferBody read(byte[] bytes, int jsonLength) {
        try (JsonParser parser = FACTORY.createParser(bytes, 0, jsonLength)) {
            InferReader reader = new InferReader(bytes, jsonLength, parser);
            reader.document();
            return reader.body;
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "; line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new InvalidRequestException("the body is not JSON in UTF-8 within limits" + where);
        } catch (IOException e) {
            throw new InvalidRequestException("the body is not JSON in UTF-8");
        }
    }

    private void document() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidRequestException("the body is not a JSON object");
        }
        boolean inputs = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> body.id = text("id");
                case "inputs" -> {
                    inputs = true;
                    inputs();
                }
                case "outputs" -> outputs();
                case "parameters" -> parameters();
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new InvalidRequestException(
                    "something follows the JSON object; a tensor's bytes need the header " + InferCall.JSON_LENGTH);
        }
        if (!inputs) {
            throw new InvalidRequestException("inputs is missing; expected: a list of tensors");
        }
        if (next != bytes.length) {
            throw new InvalidRequestException("%d bytes follow the JSON, but the inputs' binary_data_size add up to %d"
                    .formatted(bytes.length - jsonLength, next - jsonLength));
        }
    }

    private void inputs() throws IOException {
        startOf(JsonToken.START_ARRAY, "inputs", "a list of tensors");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String at = "inputs[" + body.inputs.size() + "]";
            startOf(JsonToken.START_OBJECT, at, "an object with name, datatype, shape and data");
            input(at);
            if (body.inputs.size() > MOST_TENSORS) {
                throw new InvalidRequestException("there are more than " + MOST_TENSORS + " inputs");
            }
        }
    }

    private void input(String at) throws IOException {
        String name = "";
        DataType type = null;
        long[] shape = null;
        Tensor tensor = null;
        long dataAt = -1;
        int size = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> name = text(at + ".name");
                case "datatype" -> type = type(at);
                case "shape" -> shape = shape(at);
                case "data" -> {
                    startOf(JsonToken.START_ARRAY, at + ".data", "a list of values");
                    if (type != null && shape != null) {
                        tensor = new TensorReader(parser, at + ".data", jsonLength).read(type, shape);
                    } else {
                        // Type and shape may come after the values: then these are read once more, later.
                        dataAt = parser.currentTokenLocation().getByteOffset();
                        parser.skipChildren();
                    }
                }
                case "parameters" -> size = binarySize(at);
                default -> parser.skipChildren();
            }
        }
        require(!name.isEmpty(), at + ".name", "a text");
        require(type != null, at + ".datatype", "one of " + Arrays.toString(DataType.values()));
        require(shape != null, at + ".shape", "a list of sizes");
        if (size >= 0) {
            require(tensor == null && dataAt < 0, at + ".data", "nothing beside binary_data_size");
            tensor = BinaryTensors.read(type, shape, bytes, next, size, at);
            next += size;
        } else if (dataAt >= 0) {
            tensor = again(dataAt, at, type, shape);
        }
        require(tensor != null, at + ".data", "a list of values");
        if (body.inputs.put(name, tensor) != null) {
            throw new InvalidRequestException("there are two inputs named " + name);
        }
    }

    private Tensor again(long dataAt, String at, DataType type, long[] shape) throws IOException {
        try (JsonParser values = FACTORY.createParser(bytes, (int) dataAt, jsonLength - (int) dataAt)) {
            values.nextToken();
            return new TensorReader(values, at + ".data", jsonLength).read(type, shape);
        }
    }

    private DataType type(String at) throws IOException {
        String text = text(at + ".datatype");
        try {
            return DataType.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw wrong(at + ".datatype", "one of " + Arrays.toString(DataType.values()));
        }
    }

    private long[] shape(String at) throws IOException {
        startOf(JsonToken.START_ARRAY, at + ".shape", "a list of sizes");
        long[] sizes = new long[MOST_DIMENSIONS];
        int rank = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (rank == MOST_DIMENSIONS
                    || parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || parser.getLongValue() < 0) {
                throw wrong(at + ".shape", "a list of at most " + MOST_DIMENSIONS + " sizes, 0 or more");
            }
            sizes[rank++] = parser.getLongValue();
        }
        return Arrays.copyOf(sizes, rank);
    }

    private int binarySize(String at) throws IOException {
        int size = -1;
        startOf(JsonToken.START_OBJECT, at + ".parameters", "an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("binary_data_size")) {
                size = (int) whole(at + ".parameters.binary_data_size", 0, bytes.length - next);
            } else {
                parser.skipChildren();
            }
        }
        return size;
    }

    private void outputs() throws IOException {
        startOf(JsonToken.START_ARRAY, "outputs", "a list of objects with a name");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String at = "outputs[" + body.outputs.size() + "]";
            startOf(JsonToken.START_OBJECT, at, "an object with a name");
            output(at);
            if (body.outputs.size() > MOST_TENSORS) {
                throw new InvalidRequestException("there are more than " + MOST_TENSORS + " outputs");
            }
        }
    }

    private void output(String at) throws IOException {
        String name = "";
        Optional<Boolean> asBytes = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> name = text(at + ".name");
                case "parameters" -> asBytes = flag("binary_data", at + ".parameters");
                default -> parser.skipChildren();
            }
        }
        require(!name.isEmpty(), at + ".name", "a text");
        body.outputs.add(name);
        if (asBytes.isPresent()) {
            (asBytes.get() ? body.asBytes : body.asJson).add(name);
        }
    }

    private Optional<Boolean> flag(String wanted, String at) throws IOException {
        Optional<Boolean> value = Optional.empty();
        startOf(JsonToken.START_OBJECT, at, "an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals(wanted)) {
                value = Optional.of(truth(at + "." + field));
            } else {
                parser.skipChildren();
            }
        }
        return value;
    }

    private void parameters() throws IOException {
        startOf(JsonToken.START_OBJECT, "parameters", "an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "binary_data_output" -> body.allAsBytes = truth("parameters." + field);
                // Counted downwards in this protocol: 1 goes first, 0 is as if nothing was said.
                case "priority" -> body.priority = -(int) whole("parameters.priority", 0, 10_000);
                case "timeout" ->
                    body.timeout = Optional.of(whole("parameters.timeout", 0, Long.MAX_VALUE / 1000))
                            .filter(micros -> micros > 0)
                            .map(micros -> Duration.of(micros, ChronoUnit.MICROS));
                default -> parser.skipChildren();
            }
        }
    }

    private String text(String at) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(at, "a text");
        }
        return parser.getText();
    }

    private boolean truth(String at) throws IOException {
        if (!parser.currentToken().isBoolean()) {
            throw wrong(at, "true or false");
        }
        return parser.getBooleanValue();
    }

    private long whole(String at, long least, long most) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || parser.getLongValue() < least
                || parser.getLongValue() > most) {
            throw wrong(at, "a whole number from " + least + " to " + most);
        }
        return parser.getLongValue();
    }

    private void startOf(JsonToken token, String at, String what) {
        require(parser.currentToken() == token, at, what);
    }

    private static void require(boolean right, String at, String what) {
        if (!right) {
            throw wrong(at, what);
        }
    }

    private static InvalidRequestException wrong(String at, String what) {
        return new InvalidRequestException(
                at + " is missing or wrong; expected: " + what, forge.ai.api.ErrorDetails.NONE.withParameter(at));
    }
}
