package forge.ai.backend.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What the files of a folder and the model's parameters say about it. */
final class HubConfig {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_BYTES = 16 << 20;
    private static final List<String> WINDOWS = List.of("max_position_embeddings", "n_positions", "max_seq_len");

    private final Path folder;
    private final Map<String, String> parameters;
    private final JsonNode config;
    private final JsonNode tokenizer;

    HubConfig(ModelSource source) {
        folder = source.folder();
        parameters = source.parameters();
        if (!Files.isRegularFile(folder.resolve("config.json"))) {
            throw new InvalidRequestException("there is no config.json in " + folder);
        }
        config = json("config.json");
        tokenizer = json("tokenizer_config.json");
    }

    /** A JSON object; a missing file reads as an empty one. */
    private JsonNode json(String name) {
        Path file = folder.resolve(name);
        try {
            if (!Files.exists(file)) {
                return JSON.createObjectNode();
            }
            JsonNode read = Files.size(file) > MAX_BYTES ? null : JSON.readTree(file.toFile());
            if (read != null && read.isObject()) {
                return read;
            }
        } catch (IOException e) {
            // Said below.
        }
        throw new InvalidRequestException(file + " is no JSON object of at most 16 MiB");
    }

    Task task() {
        String architecture = config.path("architectures").path(0).asText();
        return parameter("task", Arrays.asList(Task.values()), Task::key).orElseGet(() -> Task.of(architecture));
    }

    /** The names of the classes, by their numbers. */
    List<String> labels(int count) {
        JsonNode names = config.path("id2label");
        return IntStream.range(0, count)
                .mapToObj(i -> names.path(Integer.toString(i)).asText("LABEL_" + i))
                .toList();
    }

    /** How many classes there are, by their names or else by the number that the reference library takes then. */
    int labelCount() {
        int named = config.path("id2label").size();
        return named > 0 ? named : config.path("num_labels").asInt(2);
    }

    /** A size of the network; -1 where it is not said. */
    long size(String key) {
        return config.path(key).asLong(-1);
    }

    String problem() {
        return config.path("problem_type").asText("");
    }

    Pooling pooling() {
        JsonNode file = json("1_Pooling/config.json");
        return parameter("pooling", Arrays.asList(Pooling.values()), Pooling::key)
                .orElseGet(() -> file.path("pooling_mode_cls_token").booleanValue() ? Pooling.CLS : Pooling.MEAN);
    }

    boolean normalize() {
        return flag("normalize", true);
    }

    /** The most tokens of a text; the rest is cut off. */
    int maxTokens() {
        int positions = WINDOWS.stream()
                .map(config::path)
                .filter(JsonNode::isInt)
                .mapToInt(JsonNode::intValue)
                .findFirst()
                .orElse(512);
        // Where there is no limit the reference library writes 1e30.
        double limit = tokenizer.path("model_max_length").asDouble(positions);
        return Math.max(2, (int) Math.min(positions, limit));
    }

    long padding() {
        return config.path("pad_token_id").asLong(0);
    }

    Path tokenizerFile() {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new InvalidRequestException("there is no tokenizer.json in " + folder);
        }
        return file;
    }

    Aggregation aggregation() {
        return parameter("aggregation", Arrays.asList(Aggregation.values()), Aggregation::key)
                .orElse(Aggregation.SIMPLE);
    }

    /** The token that stands for one left out; in {@code tokenizer_config.json} a text or an object with its content. */
    String maskToken() {
        JsonNode mask = tokenizer.path("mask_token");
        String said = mask.isObject() ? mask.path("content").asText() : mask.asText();
        return said.isEmpty() ? "[MASK]" : said;
    }

    String text(String key, String otherwise) {
        return parameters.getOrDefault(key, otherwise);
    }

    boolean flag(String key, boolean otherwise) {
        return parameter(key, List.of(true, false), Object::toString).orElse(otherwise);
    }

    /** Texts with commas between them. */
    List<String> texts(String key) {
        return Arrays.stream(parameters.getOrDefault(key, "").split(","))
                .map(String::strip)
                .filter(t -> !t.isEmpty())
                .toList();
    }

    int number(String key, int otherwise, int least, int most) {
        String value = parameters.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new InvalidRequestException(
                "config.json: parameters.%s is %s; allowed: %d to %d".formatted(key, value, least, most),
                ErrorDetails.NONE.withParameter(key));
    }

    private <T> Optional<T> parameter(String key, List<T> allowed, Function<T, String> name) {
        String value = parameters.get(key);
        if (value == null) {
            return Optional.empty();
        }
        Optional<T> chosen =
                allowed.stream().filter(a -> name.apply(a).equals(value)).findFirst();
        if (chosen.isEmpty()) {
            throw new InvalidRequestException(
                    "config.json: parameters.%s is %s; allowed: %s"
                            .formatted(key, value, allowed.stream().map(name).toList()),
                    ErrorDetails.NONE.withParameter(key));
        }
        return chosen;
    }
}
