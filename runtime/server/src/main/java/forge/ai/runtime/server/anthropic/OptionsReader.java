package forge.ai.runtime.server.anthropic;

import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.runtime.server.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads how tokens are to be chosen and what form the answer must have. */
final class OptionsReader {

    private static final int TOKENS = Integer.MAX_VALUE;
    private static final int STOPS = 8191;
    private static final int LEAST_BUDGET = 1024;

    private OptionsReader() {}

    static GenerationOptions read(Fields body) {
        GenerationOptions.Builder options = GenerationOptions.builder();
        body.integer("max_tokens", 1, TOKENS).ifPresent(options::maxTokens);
        body.number("temperature", 0, 1).ifPresent(options::temperature);
        body.number("top_p", 0, 1).ifPresent(options::topP);
        body.integer("top_k", 0, TOKENS).ifPresent(k -> {
            if (k > 0) {
                options.topK(k);
            }
        });
        List<String> stop = body.texts("stop_sequences", STOPS);
        if (stop.contains("")) {
            throw body.wrong("stop_sequences", "texts that are not empty");
        }
        options.stop(stop);
        reasoning(body).ifPresent(options::reasoning);
        if (body.has("tool_choice")) {
            body.object("tool_choice")
                    .flag("disable_parallel_tool_use")
                    .ifPresent(one -> options.parallelToolCalls(!one));
        }
        if (body.has("metadata")) {
            body.object("metadata").text("user_id").ifPresent(options::user);
        }
        return options.build();
    }

    private static Optional<Reasoning> reasoning(Fields body) {
        Optional<String> effort =
                body.has("output_config") ? body.object("output_config").text("effort") : Optional.empty();
        if (!body.has("thinking")) {
            return effort.map(e -> new Reasoning(e, OptionalInt.empty()));
        }
        Fields thinking = body.object("thinking");
        return Optional.of(
                switch (thinking.required("type")) {
                    case "enabled" -> {
                        OptionalInt budget = thinking.integer("budget_tokens", LEAST_BUDGET, TOKENS);
                        if (budget.isEmpty()) {
                            throw thinking.wrong("budget_tokens", "an integer of at least " + LEAST_BUDGET);
                        }
                        yield new Reasoning(effort.orElse(""), budget);
                    }
                    case "disabled" -> new Reasoning("none", OptionalInt.empty());
                    // As much as the model finds right; what else the type says goes along as it is.
                    default -> new Reasoning(effort.orElse(""), OptionalInt.empty());
                });
    }

    /** Whether {@link Reasoning} says all. */
    static boolean held(Fields thinking) {
        return Set.of("enabled", "disabled", "adaptive").contains(thinking.required("type"))
                && Set.of("type", "budget_tokens")
                        .containsAll(thinking.node().properties().stream()
                                .map(Map.Entry::getKey)
                                .toList());
    }

    static ResponseFormat format(Fields body) {
        Optional<Fields> format = Optional.empty();
        if (body.has("output_config") && body.object("output_config").has("format")) {
            format = Optional.of(body.object("output_config").object("format"));
        } else if (body.has("output_format")) {
            // Its name before it became part of output_config.
            format = Optional.of(body.object("output_format"));
        }
        return format.<ResponseFormat>map(f -> {
                    if (!f.required("type").equals("json_schema")) {
                        throw f.wrong("type", "json_schema");
                    }
                    return new ResponseFormat.JsonSchema(
                            "answer", f.object("schema").node().toString(), true);
                })
                .orElse(ResponseFormat.TEXT);
    }
}
