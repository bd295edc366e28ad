package forge.ai.runtime.server.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.support.ollama.Think;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/**
 * Reads how tokens are to be chosen. An option without a common form, or with a value that only Ollama has a meaning for,
 * goes along as it is.
 */
final class OptionsReader {

    private static final int STOPS = 64;
    private static final int ALTERNATIVES = 20;

    private final ObjectNode left = JsonNodeFactory.instance.objectNode();
    private final GenerationOptions.Builder options = GenerationOptions.builder();
    private final Map<String, String> extensions = new TreeMap<>();

    /** @param known the fields of the request that are read elsewhere */
    OptionsReader(Fields body, Set<String> known) {
        if (body.has("options")) {
            Fields given = body.object("options");
            given.node().properties().forEach(option -> option(given, option.getKey(), option.getValue()));
        }
        body.get("think").flatMap(Think::read).ifPresent(options::reasoning);
        if (body.is("logprobs")) {
            options.logprobs(body.integer("top_logprobs", 0, ALTERNATIVES).orElse(0));
        }
        Set<String> read = Set.of("model", "stream", "options", "think", "logprobs", "top_logprobs", "format");
        body.node().properties().forEach(field -> {
            if (!read.contains(field.getKey())
                    && !known.contains(field.getKey())
                    && !field.getValue().isNull()) {
                put(field.getKey(), field.getValue());
            }
        });
        if (!left.isEmpty()) {
            put("options", left);
        }
    }

    private void put(String name, JsonNode value) {
        extensions.put(Extensions.name("ollama", name), value.toString());
    }

    private void option(Fields given, String name, JsonNode value) {
        boolean read = switch (name) {
            // -1 is for as many as it takes.
            case "num_predict" -> number(value, 1, Integer.MAX_VALUE, v -> options.maxTokens((int) v));
            case "temperature" -> number(value, 0, 2, options::temperature);
            case "top_p" -> number(value, 0, 1, options::topP);
            case "top_k" -> number(value, 1, Integer.MAX_VALUE, v -> options.topK((int) v));
            case "min_p" -> number(value, 0, 1, options::minP);
            case "repeat_penalty" -> number(value, Double.MIN_VALUE, Float.MAX_VALUE, options::repetitionPenalty);
            case "frequency_penalty" -> number(value, -2, 2, options::frequencyPenalty);
            case "presence_penalty" -> number(value, -2, 2, options::presencePenalty);
            case "seed" -> {
                given.whole("seed").ifPresent(options::seed);
                yield true;
            }
            case "stop" -> {
                options.stop(given.texts("stop", STOPS).stream()
                        .filter(text -> !text.isEmpty())
                        .toList());
                yield true;
            }
            default -> false;
        };
        if (!read && !value.isNull()) {
            left.set(name, value);
        }
    }

    private static boolean number(JsonNode value, double least, double most, DoubleConsumer to) {
        boolean held = value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most;
        if (held) {
            to.accept(value.doubleValue());
        }
        return held;
    }

    GenerationOptions options() {
        return options.build();
    }

    Map<String, String> extensions() {
        return extensions;
    }

    static ResponseFormat format(Fields body) {
        JsonNode format = body.get("format").orElse(JsonNodeFactory.instance.textNode(""));
        if (format.isObject()) {
            return new ResponseFormat.JsonSchema("answer", format.toString(), true);
        }
        return switch (format.asText()) {
            case "" -> ResponseFormat.TEXT;
            case "json" -> ResponseFormat.JSON;
            default -> throw body.wrong("format", "json or a JSON schema");
        };
    }
}
