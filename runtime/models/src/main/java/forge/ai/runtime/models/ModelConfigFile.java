package forge.ai.runtime.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.Batching;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.VersionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a model's {@code config.json}; a wrong value is refused with the file, the key, the value and what is allowed. */
final class ModelConfigFile {

    private static final Logger LOG = LoggerFactory.getLogger(ModelConfigFile.class);
    private static final Set<String> KEYS = Set.of("backend", "versions", "labels", "batching", "device", "parameters");
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_ROWS = 65_536;

    private final Path file;
    private final JsonNode root;

    private ModelConfigFile(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static ModelConfig read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidRequestException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new InvalidRequestException(file + " is not JSON: " + e.getOriginalMessage() + " at line "
                    + e.getLocation().getLineNr());
        }
        if (!root.isObject()) {
            throw new InvalidRequestException(file + " must hold a JSON object");
        }
        return new ModelConfigFile(file, root).config();
    }

    private ModelConfig config() {
        root.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                LOG.warn("{}: the key {} is not known and is ignored; known are {}", file, key, KEYS);
            }
        });
        ModelConfig none = ModelConfig.DEFAULT;
        return new ModelConfig(
                text("backend", none.backend()),
                versions(root.path("versions"), none.versions()),
                labels(root.path("labels")),
                batching(root.path("batching"), none.batching()),
                text("device", none.device()),
                parameters(root.path("parameters")));
    }

    private String text(String key, String otherwise) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        return node.isTextual() ? node.textValue() : refuse(key, node, "a text");
    }

    private VersionPolicy versions(JsonNode node, VersionPolicy otherwise) {
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        if (node.isTextual() && node.textValue().equals("all")) {
            return new VersionPolicy.All();
        }
        if (node.size() == 1
                && node.path("latest").isInt()
                && node.path("latest").intValue() > 0) {
            return new VersionPolicy.Latest(node.path("latest").intValue());
        }
        if (node.size() == 1 && node.path("specific").isArray()) {
            Set<Long> named = new HashSet<>();
            node.path("specific").forEach(item -> named.add(version("versions.specific", item)));
            return new VersionPolicy.Specific(named);
        }
        return refuse("versions", node, "{\"latest\": n}, \"all\" or {\"specific\": [n, ...]}");
    }

    private Map<String, Long> labels(JsonNode node) {
        Map<String, Long> labels = new HashMap<>();
        if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
            return refuse("labels", node, "an object of versions by label");
        }
        node.properties().forEach(e -> labels.put(e.getKey(), version("labels." + e.getKey(), e.getValue())));
        return labels;
    }

    private long version(String key, JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0
                ? node.longValue()
                : refuse(key, node, "a version, 1 or more");
    }

    private Batching batching(JsonNode node, Batching none) {
        if (node.isMissingNode() || node.isNull()) {
            return none;
        }
        if (!node.isObject()) {
            return refuse("batching", node, "an object with enabled, maxSize, maxDelayMicros, preferred");
        }
        JsonNode enabled = node.path("enabled");
        if (!enabled.isMissingNode() && !enabled.isBoolean()) {
            return refuse("batching.enabled", enabled, "true or false");
        }
        int maxSize = number("batching.maxSize", node.path("maxSize"), 1, MAX_ROWS, none.maxSize());
        int delay = number("batching.maxDelayMicros", node.path("maxDelayMicros"), 0, 10_000_000, (int)
                (none.maxDelay().toNanos() / 1000));
        List<Integer> preferred = new ArrayList<>();
        node.path("preferred").forEach(item -> preferred.add(number("batching.preferred", item, 1, maxSize, 0)));
        return new Batching(
                enabled.asBoolean(none.enabled()),
                maxSize,
                Duration.ofNanos(delay * 1000L),
                preferred.stream().sorted().toList());
    }

    private int number(String key, JsonNode node, int least, int most, int otherwise) {
        if (node.isMissingNode()) {
            return otherwise;
        }
        return node.isInt() && node.intValue() >= least && node.intValue() <= most
                ? node.intValue()
                : refuse(key, node, "a whole number from " + least + " to " + most);
    }

    private Map<String, String> parameters(JsonNode node) {
        Map<String, String> parameters = new HashMap<>();
        if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
            return refuse("parameters", node, "an object of texts, numbers and booleans");
        }
        node.properties().forEach(e -> {
            if (!e.getValue().isValueNode()) {
                refuse("parameters." + e.getKey(), e.getValue(), "a text, number or boolean");
            }
            parameters.put(e.getKey(), e.getValue().asText());
        });
        return parameters;
    }

    private <T> T refuse(String key, JsonNode value, String allowed) {
        throw new InvalidRequestException("%s: %s is %s; allowed is %s".formatted(file, key, value, allowed));
    }
}
