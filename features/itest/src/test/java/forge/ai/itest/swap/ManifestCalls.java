package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Inference with one case of a manifest of models; the outputs have to be those of the manifest. */
final class ManifestCalls {

    private final Wire wire;
    private final String model;
    private final List<Map<String, Object>> inputs = new ArrayList<>();
    private final JsonNode outputs;
    private final double tolerance;

    /** @param place of the case among those of the model */
    ManifestCalls(Wire wire, String model, Path manifest, String file, int place) throws IOException {
        this.wire = wire;
        this.model = model;
        JsonNode fixture = null;
        for (JsonNode one : new ObjectMapper().readTree(manifest.toFile()).get("models")) {
            fixture = one.get("file").textValue().equals(file) ? one : fixture;
        }
        JsonNode one = fixture.get("cases").get(place);
        this.outputs = one.get("outputs");
        this.tolerance = fixture.get("tolerance").doubleValue();
        for (JsonNode input : one.get("inputs")) {
            inputs.add(Map.of(
                    "name", input.get("name"),
                    "datatype", type(input.get("dtype").textValue()),
                    "shape", input.get("shape"),
                    "data", input.get("data")));
        }
    }

    /** From NumPy's name. */
    private static String type(String name) {
        return name.equals("string") ? "BYTES" : name.replace("float", "FP").toUpperCase(Locale.ROOT);
    }

    void infer(String caller, long number) throws IOException, InterruptedException, WrongAnswer {
        JsonNode answer = wire.ask("/v2/models/" + model + "/infer", Map.of("inputs", inputs));
        for (JsonNode wanted : outputs) {
            compare(wanted, output(answer, wanted.get("name").textValue()));
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

    private void compare(JsonNode wanted, JsonNode got) throws WrongAnswer {
        JsonNode numbers = wanted.get("data");
        WrongAnswer.unless(got.size() == numbers.size(), "another number of values", got);
        for (int i = 0; i < numbers.size(); i++) {
            double allowed = tolerance * (1 + Math.abs(numbers.get(i).asDouble()));
            boolean right = numbers.get(i).isNumber()
                    ? Math.abs(numbers.get(i).doubleValue() - got.get(i).doubleValue()) <= allowed
                    : numbers.get(i).equals(got.get(i));
            WrongAnswer.unless(right, wanted.get("name") + "[" + i + "]", got.get(i));
        }
    }
}
