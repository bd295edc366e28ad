package forge.ai.runtime.server.tensorflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.support.tensor.TensorReader;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the inputs of a request: by rows ({@code instances}), by columns ({@code inputs}) or as examples. The values of an
 * input are nested arrays; bytes are {@code {"b64": "..."}}.
 */
final class Columns {

    private static final String BASE64 = "b64";

    private final ModelSignature signature;

    Columns(ModelSignature signature) {
        this.signature = signature;
    }

    /** Of {@code instances}: each an object with a value for each input, or the value of the only one. */
    Map<String, Tensor> ofRows(JsonNode instances) {
        if (!instances.isArray() || instances.isEmpty()) {
            throw new InvalidRequestException("instances must be an array that is not empty");
        }
        return named(instances.get(0))
                ? stacked(instances, "instances")
                : Map.of(only().name(), tensor(only(), instances));
    }

    /** Of {@code inputs}: an object with the values of each input, or those of the only one. */
    Map<String, Tensor> ofColumns(JsonNode inputs) {
        if (!named(inputs)) {
            return Map.of(only().name(), tensor(only(), inputs));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        inputs.properties()
                .forEach(input ->
                        tensors.put(input.getKey(), tensor(spec(input.getKey(), input.getValue()), input.getValue())));
        return tensors;
    }

    /** Of {@code examples}: each an object of features, those of {@code context} besides. */
    Map<String, Tensor> ofExamples(Fields body) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        for (Fields example : body.objects("examples")) {
            ObjectNode row = rows.addObject();
            if (body.has("context")) {
                row.setAll(fields(body.object("context").node()));
            }
            row.setAll(fields(example.node()));
        }
        if (rows.isEmpty()) {
            throw body.wrong("examples", "an array of objects that is not empty");
        }
        return stacked(rows, "examples");
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        object.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
        return fields;
    }

    /** An object that is no bytes. */
    private static boolean named(JsonNode value) {
        return value.isObject() && !(value.size() == 1 && value.has(BASE64));
    }

    private Map<String, Tensor> stacked(JsonNode rows, String where) {
        Map<String, ArrayNode> columns = new LinkedHashMap<>();
        rows.get(0).fieldNames().forEachRemaining(name -> columns.put(name, JsonNodeFactory.instance.arrayNode()));
        int place = 0;
        for (Iterator<JsonNode> each = rows.iterator(); each.hasNext(); place++) {
            JsonNode row = each.next();
            if (!named(row)
                    || row.size() != columns.size()
                    || !columns.keySet().stream().allMatch(row::has)) {
                throw new InvalidRequestException(
                        "%s[%d] must be an object with %s, as the first one".formatted(where, place, columns.keySet()));
            }
            columns.forEach((name, column) -> column.add(row.get(name)));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        columns.forEach((name, column) -> tensors.put(name, tensor(spec(name, column), column)));
        return tensors;
    }

    private TensorSpec only() {
        if (signature.inputs().size() != 1) {
            throw new InvalidRequestException(
                    "the model has the inputs " + signature.inputs() + "; each needs its name and value");
        }
        return signature.inputs().getFirst();
    }

    /** That of the signature; a name that is not there has the type of its first value, for models that take more. */
    private TensorSpec spec(String name, JsonNode values) {
        return signature.input(name).orElseGet(() -> {
            JsonNode first = values;
            while (first.isArray() && !first.isEmpty()) {
                first = first.get(0);
            }
            DataType type = first.isIntegralNumber()
                    ? DataType.INT64
                    : first.isNumber() ? DataType.FP64 : first.isBoolean() ? DataType.BOOL : DataType.BYTES;
            return TensorSpec.ofAnyShape(name, type);
        });
    }

    /** What lacks dimensions of one at its end, as a plain list of numbers for rows of one, gets them. */
    private static Tensor tensor(TensorSpec spec, JsonNode values) {
        List<Long> dimensions = TensorReader.shape(values);
        long[] shape = dimensions.stream().mapToLong(Long::longValue).toArray();
        long[] wanted = spec.shape();
        if (!spec.anyShape() && shape.length < wanted.length) {
            boolean ones = Arrays.stream(wanted, shape.length, wanted.length).allMatch(size -> size == 1);
            int given = shape.length;
            shape = ones ? Arrays.copyOf(shape, wanted.length) : shape;
            Arrays.fill(shape, given, shape.length, 1);
        }
        return TensorReader.tensor(spec.name(), spec.type(), shape, values);
    }
}
