package forge.ai.runtime.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.Batching;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.Pipeline;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a model's {@code config.json}; a wrong value is refused with the file, the key, the value and what is allowed. */
final class ModelConfigFile {

    private static final Logger LOG = LoggerFactory.getLogger(ModelConfigFile.class);
    private static final Set<String> KEYS = Stream.of(
                    Set.of("backend", "versions", "labels", "batching", "device", "parameters"),
                    ServingKeys.NAMES,
                    PipelineKeys.NAMES,
                    KeepingKeys.NAMES)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());
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
        PipelineKeys pipelines = new PipelineKeys(this::setting);
        Pipeline pipeline = pipelines.pipeline();
        ModelConfig plain = new ModelConfig(
                pipelines.backend(setting("backend").text(none.backend()), pipeline),
                versions(root.path("versions"), none.versions()),
                labels(root.path("labels")),
                batching(setting("batching"), none.batching()),
                setting("device").text(none.device()),
                parameters(root.path("parameters")));
        KeepingKeys keeping = new KeepingKeys(this::setting);
        return plain.withServing(new ServingKeys(this::setting).serving())
                .withPipeline(pipeline)
                .withCache(keeping.cache(pipeline))
                .withSequences(keeping.sequences(pipeline));
    }

    private Setting setting(String key) {
        return new Setting(file, key, root.path(key));
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

    private static Batching batching(Setting batching, Batching none) {
        Set<String> known = Set.of("enabled", "maxSize", "maxDelayMicros", "preferred");
        int maxSize = batching.in("maxSize", known).whole(1, MAX_ROWS, none.maxSize());
        int usual = (int) (none.maxDelay().toNanos() / 1000);
        int delay = batching.in("maxDelayMicros", known).whole(0, 10_000_000, usual);
        Setting preferred = batching.in("preferred", known);
        List<Integer> sizes = new ArrayList<>();
        preferred
                .value()
                .forEach(item -> sizes.add(new Setting(preferred.file(), preferred.key(), item).whole(1, maxSize, 1)));
        return new Batching(
                batching.in("enabled", known).flag(none.enabled()),
                maxSize,
                Duration.ofNanos(delay * 1000L),
                sizes.stream().sorted().toList());
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
        return new Setting(file, key, value).refuse(allowed);
    }
}
