package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Inference with inputs whose outputs a file beside the model names; they have to come as they are there. */
final class ManifestCalls {

    private final Wire wire;
    private final String model;
    private final List<Map<String, Object>> inputs;
    private final Map<String, JsonNode> outputs;
    private final double tolerance;

    private ManifestCalls(
            Wire wire,
            String model,
            List<Map<String, Object>> inputs,
            Map<String, JsonNode> outputs,
            double tolerance) {
        this.wire = wire;
        this.model = model;
        this.inputs = inputs;
        this.outputs = outputs;
        this.tolerance = tolerance;
    }

    /** @param place of the case among those of the model */
    static ManifestCalls of(Wire wire, String model, Path manifest, String file, int place) throws IOException {
        JsonNode fixture = null;
        for (JsonNode one : new ObjectMapper().readTree(manifest.toFile()).get("models")) {
            fixture = one.get("file").textValue().equals(file) ? one : fixture;
        }
        JsonNode one = fixture.get("cases").get(place);
        List<Map<String, Object>> inputs = new ArrayList<>();
        for (JsonNode input : one.get("inputs")) {
            inputs.add(Map.of(
                    "name", input.get("name"),
                    "datatype", type(input.get("dtype").textValue()),
                    "shape", input.get("shape"),
                    "data", input.get("data")));
        }
        Map<String, JsonNode> outputs = new TreeMap<>();
        one.get("outputs").forEach(output -> outputs.put(output.get("name").textValue(), output.get("data")));
        return new ManifestCalls(
                wire, model, inputs, outputs, fixture.get("tolerance").doubleValue());
    }

    /**
     * With the texts of a folder of the Hub.
     *
     * @param expected the file that says what comes of them
     * @param outputs the names of outputs by those in the file
     */
    static ManifestCalls ofTexts(Wire wire, String model, Path expected, Map<String, String> outputs)
            throws IOException {
        JsonNode file = new ObjectMapper().readTree(expected.toFile());
        JsonNode texts = file.get("texts");
        Map<String, JsonNode> wanted = new TreeMap<>();
        outputs.forEach((in, name) -> wanted.put(name, file.get(in)));
        return new ManifestCalls(
                wire,
                model,
                List.of(Map.of("name", "text", "datatype", "BYTES", "shape", List.of(texts.size()), "data", texts)),
                wanted,
                1e-4);
    }

    /** From NumPy's name. */
    private static String type(String name) {
        return name.equals("string") ? "BYTES" : name.replace("float", "FP").toUpperCase(Locale.ROOT);
    }

    void infer(String caller, long number) throws IOException, InterruptedException, WrongAnswer {
        JsonNode answer = wire.ask("/v2/models/" + model + "/infer", Map.of("inputs", inputs));
        for (Map.Entry<String, JsonNode> wanted : outputs.entrySet()) {
            compare(wanted.getKey(), flat(wanted.getValue()), flat(output(answer, wanted.getKey())));
        }
    }

    private static JsonNode output(JsonNode answer, String name) throws WrongAnswer {
        for (JsonNode output : answer.get("outputs")) {
            if (output.get("name").textValue().equals(name)) {
                return output.get("data");
            }
        }
        throw new WrongAnswer("no output " + name + ": " + answer);
    }

    /** The values of lists of lists, one after the other. */
    private static List<JsonNode> flat(JsonNode values) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode value : values) {
            if (value.isArray()) {
                all.addAll(flat(value));
            } else {
                all.add(value);
            }
        }
        return all;
    }

    private void compare(String name, List<JsonNode> wanted, List<JsonNode> got) throws WrongAnswer {
        WrongAnswer.unless(got.size() == wanted.size(), "another number of values of " + name, got);
        for (int i = 0; i < got.size(); i++) {
            double allowed = tolerance * (1 + Math.abs(wanted.get(i).asDouble()));
            boolean right = wanted.get(i).isNumber()
                    ? Math.abs(wanted.get(i).doubleValue() - got.get(i).doubleValue()) <= allowed
                    : wanted.get(i).equals(got.get(i));
            WrongAnswer.unless(right, name + "[" + i + "]", got.get(i));
        }
    }
}
