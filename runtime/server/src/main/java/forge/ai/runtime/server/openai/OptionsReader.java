package forge.ai.runtime.server.openai;

import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Reasoning;
import forge.ai.runtime.server.Fields;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Reads how tokens are to be chosen: OpenAI's own fields, and those that compatible servers have added. */
final class OptionsReader {

    static final Set<String> KNOWN = Set.of(
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "repetition_penalty",
            "frequency_penalty",
            "presence_penalty",
            "seed",
            "stop",
            "reasoning_effort",
            "parallel_tool_calls",
            "user");

    private static final int TOKENS = Integer.MAX_VALUE;
    private static final int STOPS = 64;
    private static final int ALTERNATIVES = 20;

    private OptionsReader() {}

    static GenerationOptions chat(Fields body) {
        GenerationOptions.Builder options = common(body);
        OptionalInt alternatives = body.integer("top_logprobs", 0, ALTERNATIVES);
        if (body.is("logprobs")) {
            options.logprobs(alternatives.orElse(0));
        } else if (alternatives.isPresent()) {
            throw body.wrong("logprobs", "true where top_logprobs is set");
        }
        body.text("reasoning_effort").ifPresent(e -> options.reasoning(new Reasoning(e, OptionalInt.empty())));
        body.flag("parallel_tool_calls").ifPresent(options::parallelToolCalls);
        return options.build();
    }

    static GenerationOptions text(Fields body) {
        GenerationOptions.Builder options = common(body);
        body.integer("logprobs", 0, ALTERNATIVES).ifPresent(options::logprobs);
        return options.build();
    }

    private static GenerationOptions.Builder common(Fields body) {
        GenerationOptions.Builder options = GenerationOptions.builder();
        body.integer("max_tokens", 1, TOKENS).ifPresent(options::maxTokens);
        body.integer("max_completion_tokens", 1, TOKENS).ifPresent(options::maxTokens);
        body.number("temperature", 0, 2).ifPresent(options::temperature);
        body.number("top_p", 0, 1).ifPresent(options::topP);
        body.integer("top_k", -1, TOKENS).ifPresent(k -> {
            // -1 and 0 say "all tokens" to the servers that know the field.
            if (k > 0) {
                options.topK(k);
            }
        });
        body.number("min_p", 0, 1).ifPresent(options::minP);
        body.number("repetition_penalty", Double.MIN_VALUE, Float.MAX_VALUE).ifPresent(options::repetitionPenalty);
        body.number("frequency_penalty", -2, 2).ifPresent(options::frequencyPenalty);
        body.number("presence_penalty", -2, 2).ifPresent(options::presencePenalty);
        body.whole("seed").ifPresent(options::seed);
        List<String> stop = body.texts("stop", STOPS);
        if (stop.contains("")) {
            throw body.wrong("stop", "texts that are not empty");
        }
        options.stop(stop);
        body.text("user").ifPresent(options::user);
        return options;
    }
}
