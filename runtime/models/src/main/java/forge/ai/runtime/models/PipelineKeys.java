package forge.ai.runtime.models;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelStep;
import forge.ai.api.model.Pipeline;
import forge.ai.api.model.StepConfig;
import forge.ai.api.model.VersionSelector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads what {@code config.json} says of the way of a request: the steps before and after the model, or the models that
 * it is made of.
 *
 * @param setting gives a value by its name
 */
record PipelineKeys(Function<String, Setting> setting) {

    static final Set<String> NAMES = Set.of("pre", "post", "steps", "outputs");

    /** The backend of a model that is made of others. */
    static final String ENSEMBLE = "ensemble";

    private static final int MOST_STEPS = 64;

    Pipeline pipeline() {
        List<StepConfig> pre = list("pre", PipelineKeys::step);
        List<StepConfig> post = list("post", PipelineKeys::step);
        List<ModelStep> steps = list("steps", PipelineKeys::modelStep);
        List<String> outputs = list("outputs", Setting::name);
        if (steps.isEmpty() && !outputs.isEmpty()) {
            return setting.apply("outputs").refuse("nothing without steps");
        }
        try {
            return new Pipeline(pre, post, steps, outputs);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(setting.apply("steps").file() + ": steps: " + e.getMessage());
        }
    }

    /** The backend of a model: that of {@code config.json}, which must go with its steps. */
    String backend(String named, Pipeline pipeline) {
        if (pipeline.steps().isEmpty()) {
            return named;
        }
        return named.isEmpty() || named.equals(ENSEMBLE)
                ? ENSEMBLE
                : setting.apply("backend").refuse("nothing, or " + ENSEMBLE + ", beside steps");
    }

    private <T> List<T> list(String name, Function<Setting, T> read) {
        return setting.apply(name).items(MOST_STEPS).stream().map(read).toList();
    }

    private static StepConfig step(Setting step) {
        if (step.value().isTextual()) {
            return new StepConfig(step.name(), Map.of());
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> one :
                step.entries("a step's name or an object with step and its parameters")) {
            parameters.put(one.getKey(), value(step.with(one.getKey(), one.getValue())));
        }
        parameters.remove("step");
        return new StepConfig(step.with("step", step.value().path("step")).name(), parameters);
    }

    private static Object value(Setting setting) {
        JsonNode node = setting.value();
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                node.forEach(item -> items.add(value(new Setting(setting.file(), setting.key(), item))));
                yield List.copyOf(items);
            }
            case OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                node.properties().forEach(e -> fields.put(e.getKey(), value(setting.with(e.getKey(), e.getValue()))));
                yield Map.copyOf(fields);
            }
            default -> setting.refuse("a text, a number, true or false, a list or an object");
        };
    }

    private static Number number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.doubleValue();
    }

    private static ModelStep modelStep(Setting step) {
        Set<String> known = Set.of("model", "version", "inputMap", "outputMap");
        Setting model = step.in("model", known);
        if (model.name().equals(model.model())) {
            return model.refuse("another model than this one");
        }
        Setting version = step.in("version", known);
        boolean named = version.missing()
                || version.value().isIntegralNumber()
                || version.value().isTextual();
        return new ModelStep(
                model.name(),
                named ? VersionSelector.parse(version.value().asText()) : version.refuse("a version or label"),
                names(step.in("inputMap", known)),
                names(step.in("outputMap", known)));
    }

    private static Map<String, String> names(Setting map) {
        String allowed = "an object with the pipeline's tensor for each of the model's";
        Map<String, String> names = new LinkedHashMap<>();
        map.entries(allowed)
                .forEach(e ->
                        names.put(e.getKey(), map.with(e.getKey(), e.getValue()).name()));
        return names.isEmpty() ? map.refuse(allowed) : names;
    }
}
