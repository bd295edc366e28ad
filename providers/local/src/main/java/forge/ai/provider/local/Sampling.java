package forge.ai.provider.local;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.GenerationOptions;
import java.util.OptionalLong;

/**
 * How one sequence chooses its tokens; every value is set.
 *
 * @param temperature 0 for the likeliest token
 * @param topK {@link Integer#MAX_VALUE} for all
 */
record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        double frequencyPenalty,
        double presencePenalty,
        OptionalLong seed) {

    /** The likeliest token, always. */
    static final Sampling GREEDY = new Sampling(0, Integer.MAX_VALUE, 1, 0, 1, 0, 0, OptionalLong.empty());

    Sampling {
        check(temperature >= 0 && temperature <= 100, "temperature", "0 to 100");
        check(topK >= 1, "top_k", "1 or more");
        check(topP > 0 && topP <= 1, "top_p", "above 0, at most 1");
        check(minP >= 0 && minP <= 1, "min_p", "0 to 1");
        check(repetitionPenalty > 0 && repetitionPenalty <= 100, "repetition_penalty", "above 0, at most 100");
        check(Math.abs(frequencyPenalty) <= 2, "frequency_penalty", "-2 to 2");
        check(Math.abs(presencePenalty) <= 2, "presence_penalty", "-2 to 2");
    }

    /**
     * What a request asks for, and where it is silent what the model comes with. A request that narrows the choice of
     * tokens without naming a temperature means to draw: it gets 1.
     */
    Sampling with(GenerationOptions options) {
        boolean draws = options.topP().isPresent()
                || options.topK().isPresent()
                || options.minP().isPresent();
        return new Sampling(
                options.temperature().orElse(temperature == 0 && draws ? 1 : temperature),
                options.topK().orElse(topK),
                options.topP().orElse(topP),
                options.minP().orElse(minP),
                options.repetitionPenalty().orElse(repetitionPenalty),
                options.frequencyPenalty().orElse(frequencyPenalty),
                options.presencePenalty().orElse(presencePenalty),
                options.seed().isPresent() ? options.seed() : seed);
    }

    /** Whether some tokens may be kept from being drawn. */
    boolean filters() {
        return topK < Integer.MAX_VALUE || topP < 1 || minP > 0;
    }

    private static void check(boolean good, String parameter, String allowed) {
        if (!good) {
            throw new InvalidRequestException(
                    parameter + " must be " + allowed, ErrorDetails.NONE.withParameter(parameter));
        }
    }
}
