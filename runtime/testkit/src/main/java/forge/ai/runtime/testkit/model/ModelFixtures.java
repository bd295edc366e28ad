package forge.ai.runtime.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A folder of models with inputs and the outputs that the original framework gave, listed in {@code manifest.json}.
 *
 * @param folder where they lie
 * @param models what must work
 * @param negative files that must be refused
 */
public record ModelFixtures(Path folder, List<Fixture> models, List<String> negative) {

    /**
     * One model.
     *
     * @param file in the folder
     * @param tolerance how far an output may be off
     * @param argMax whether only the place of the highest number in each row counts
     * @param cases what goes in and must come out
     */
    public record Fixture(String file, double tolerance, boolean argMax, List<Case> cases) {
        @Override
        public String toString() {
            return file;
        }
    }

    /**
     * What goes into a model and must come out.
     *
     * @param inputs by name
     * @param outputs by name; those that are tensors
     * @param json the case as it was read
     */
    public record Case(Map<String, Tensor> inputs, Map<String, Tensor> outputs, JsonNode json) {}

    /** Where the models of one format lie; the test is skipped if they are not there. */
    public static Path folder(String format) {
        Path folder = Path.of(System.getProperty("forge.shared"), "models", format);
        Assumptions.assumeTrue(Files.exists(folder), () -> "no " + folder);
        return folder;
    }

    /** Those of one format; the test is skipped if they are not there. */
    public static ModelFixtures of(String format) {
        Path folder = folder(format);
        try {
            JsonNode manifest =
                    new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
            List<Fixture> models = new ArrayList<>();
            manifest.get("models").forEach(model -> models.add(fixture(model)));
            List<String> negative = new ArrayList<>();
            manifest.get("negative").forEach(one -> negative.add(one.get("file").textValue()));
            return new ModelFixtures(folder, models, negative);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Fixture fixture(JsonNode model) {
        List<Case> cases = new ArrayList<>();
        for (JsonNode one : model.get("cases")) {
            cases.add(new Case(JsonTensors.byName(one.get("inputs")), JsonTensors.byName(one.get("outputs")), one));
        }
        return new Fixture(
                model.get("file").textValue(),
                model.get("tolerance").doubleValue(),
                "argmax".equals(model.path("compare").textValue()),
                cases);
    }

    /** The model of this file. */
    public Fixture model(String file) {
        return models.stream().filter(m -> m.file().equals(file)).findFirst().orElseThrow();
    }

    /** A version folder as a repository has it, made in {@code parent}: the file under another name. */
    public Path version(Path parent, String file, String name) throws IOException {
        Path version = Files.createDirectories(parent.resolve(file).resolve("1"));
        Files.copy(folder.resolve(file), version.resolve(name));
        return version;
    }

    /** How a folder is loaded when nothing is said: one thread, on what device there is. */
    public static ModelSource source(Path version) {
        return new ModelSource("test", 1, version, "auto", 1, Map.of());
    }
}
