package forge.ai.backend.sklearn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The models of the folder {@code models/sklearn}, and what scikit-learn computed with them. */
final class SklearnFixtures {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One file and its case. */
    record Fixture(Path file, JsonNode expected) {
        @Override
        public String toString() {
            return file.getParent().getParent().getFileName() + "/" + file.getFileName();
        }

        /** The inputs as a client would send them: a table, a column of texts, or a column for each of a data frame. */
        Map<String, Tensor> inputs() {
            List<JsonNode> rows = list(expected.get("inputs"));
            return switch (expected.get("input_kind").textValue()) {
                case "text" ->
                    Map.of(
                            "review",
                            Tensor.ofStrings(
                                    new long[] {rows.size()},
                                    rows.stream().map(JsonNode::textValue).toList()));
                case "dense" -> Map.of("table", table(rows));
                default -> columns(rows, expected.path("columns"));
            };
        }
    }

    private SklearnFixtures() {}

    static Path folder() {
        return ModelFixtures.folder("sklearn");
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(Files.readString(file).replaceAll("\\bNaN\\b", "null"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Fixture> all() {
        List<Fixture> fixtures = new ArrayList<>();
        for (String version : List.of("1.2.1", "1.9.0")) {
            for (JsonNode model :
                    json(folder().resolve(version + "/manifest.json")).get("models")) {
                fixtures.add(new Fixture(
                        folder().resolve(model.get("file").textValue()),
                        json(folder().resolve(model.get("case").textValue()))));
            }
        }
        return fixtures;
    }

    /** @param version of scikit-learn */
    static Fixture of(String version, String file, String example) {
        Path folder = folder().resolve(version);
        return new Fixture(folder.resolve("models/" + file), json(folder.resolve("cases/" + example + ".json")));
    }

    /** A file as the only model of a version folder. */
    static Path version(Path parent, Path file) throws IOException {
        Path version = Files.createDirectories(parent.resolve(file.getFileName() + "/1"));
        Path model = version.resolve(file.toString().endsWith(".joblib") ? "model.joblib" : "model.pkl");
        if (!Files.exists(model)) {
            Files.copy(file, model);
        }
        return version;
    }

    static LoadedModel load(Path parent, Path file) throws IOException {
        ModelSource source = ModelFixtures.source(version(parent, file));
        return new SklearnBackend().load(source);
    }

    private static Tensor table(List<JsonNode> rows) {
        int width = rows.getFirst().size();
        double[] values = new double[rows.size() * width];
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < width; i++) {
                values[row * width + i] = number(rows.get(row).get(i));
            }
        }
        return Tensor.ofDoubles(new long[] {rows.size(), width}, values);
    }

    private static double number(JsonNode node) {
        return node.isNull() ? Double.NaN : node.doubleValue();
    }

    private static Map<String, Tensor> columns(List<JsonNode> rows, JsonNode names) {
        Map<String, Tensor> columns = new LinkedHashMap<>();
        for (int i = 0; i < rows.getFirst().size(); i++) {
            int column = i;
            long[] shape = {rows.size()};
            boolean texts = rows.stream().anyMatch(row -> row.get(column).isTextual());
            columns.put(
                    names.isArray() ? names.get(i).textValue() : "x" + i,
                    texts
                            ? Tensor.ofStrings(
                                    shape,
                                    rows.stream()
                                            .map(r -> r.get(column).textValue())
                                            .toList())
                            : Tensor.ofDoubles(
                                    shape,
                                    rows.stream()
                                            .mapToDouble(r -> number(r.get(column)))
                                            .toArray()));
        }
        return columns;
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
