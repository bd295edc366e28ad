package forge.ai.api.llm;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How tokens are chosen. What is not set is left to the model.
 *
 * @param maxTokens the most tokens to generate, 1 or more
 * @param temperature 0 for the likeliest token, higher for more variety
 * @param topP draw from the smallest set of tokens with this much probability, above 0 to 1
 * @param topK draw from this many likeliest tokens, 1 or more
 * @param minP leave out tokens less likely than this share of the likeliest, 0 to 1
 * @param repetitionPenalty divides the logits of tokens seen before, above 0; 1 for none
 * @param frequencyPenalty taken off a logit for each time the token was generated, -2 to 2
 * @param presencePenalty taken off a logit once the token was generated, -2 to 2
 * @param seed makes drawing repeatable
 * @param stop texts before which to end; empty for none
 * @param logprobs report log probabilities, with this many alternatives for each token, 0 or more
 * @param reasoning how much to think
 * @param parallelToolCalls whether several tools may be asked for at once
 * @param user who the end user is, as an opaque name, or empty
 * @param timeout the longest to wait for the answer, or for the first piece of a stream
 */
public record GenerationOptions(
        OptionalInt maxTokens,
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble minP,
        OptionalDouble repetitionPenalty,
        OptionalDouble frequencyPenalty,
        OptionalDouble presencePenalty,
        OptionalLong seed,
        List<String> stop,
        OptionalInt logprobs,
        Optional<Reasoning> reasoning,
        Optional<Boolean> parallelToolCalls,
        String user,
        Optional<Duration> timeout) {

    /** Nothing set. */
    public static final GenerationOptions DEFAULT = builder().build();

    public GenerationOptions {
        Objects.requireNonNull(maxTokens, "maxTokens");
        Objects.requireNonNull(temperature, "temperature");
        Objects.requireNonNull(topP, "topP");
        Objects.requireNonNull(topK, "topK");
        Objects.requireNonNull(minP, "minP");
        Objects.requireNonNull(repetitionPenalty, "repetitionPenalty");
        Objects.requireNonNull(frequencyPenalty, "frequencyPenalty");
        Objects.requireNonNull(presencePenalty, "presencePenalty");
        Objects.requireNonNull(seed, "seed");
        stop = List.copyOf(stop);
        Objects.requireNonNull(logprobs, "logprobs");
        Objects.requireNonNull(reasoning, "reasoning");
        Objects.requireNonNull(parallelToolCalls, "parallelToolCalls");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(timeout, "timeout");
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Sets one value after the other. */
    public static final class Builder {
        private OptionalInt maxTokens = OptionalInt.empty();
        private OptionalDouble temperature = OptionalDouble.empty();
        private OptionalDouble topP = OptionalDouble.empty();
        private OptionalInt topK = OptionalInt.empty();
        private OptionalDouble minP = OptionalDouble.empty();
        private OptionalDouble repetitionPenalty = OptionalDouble.empty();
        private OptionalDouble frequencyPenalty = OptionalDouble.empty();
        private OptionalDouble presencePenalty = OptionalDouble.empty();
        private OptionalLong seed = OptionalLong.empty();
        private List<String> stop = List.of();
        private OptionalInt logprobs = OptionalInt.empty();
        private Optional<Reasoning> reasoning = Optional.empty();
        private Optional<Boolean> parallelToolCalls = Optional.empty();
        private String user = "";
        private Optional<Duration> timeout = Optional.empty();

        private Builder() {}

        private Builder(GenerationOptions from) {
            maxTokens = from.maxTokens;
            temperature = from.temperature;
            topP = from.topP;
            topK = from.topK;
            minP = from.minP;
            repetitionPenalty = from.repetitionPenalty;
            frequencyPenalty = from.frequencyPenalty;
            presencePenalty = from.presencePenalty;
            seed = from.seed;
            stop = from.stop;
            logprobs = from.logprobs;
            reasoning = from.reasoning;
            parallelToolCalls = from.parallelToolCalls;
            user = from.user;
            timeout = from.timeout;
        }

        public Builder maxTokens(int value) {
            maxTokens = OptionalInt.of(value);
            return this;
        }

        public Builder temperature(double value) {
            temperature = OptionalDouble.of(value);
            return this;
        }

        public Builder topP(double value) {
            topP = OptionalDouble.of(value);
            return this;
        }

        public Builder topK(int value) {
            topK = OptionalInt.of(value);
            return this;
        }

        public Builder minP(double value) {
            minP = OptionalDouble.of(value);
            return this;
        }

        public Builder repetitionPenalty(double value) {
            repetitionPenalty = OptionalDouble.of(value);
            return this;
        }

        public Builder frequencyPenalty(double value) {
            frequencyPenalty = OptionalDouble.of(value);
            return this;
        }

        public Builder presencePenalty(double value) {
            presencePenalty = OptionalDouble.of(value);
            return this;
        }

        public Builder seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        public Builder stop(List<String> value) {
            stop = value;
            return this;
        }

        public Builder logprobs(int value) {
            logprobs = OptionalInt.of(value);
            return this;
        }

        public Builder reasoning(Reasoning value) {
            reasoning = Optional.of(value);
            return this;
        }

        public Builder parallelToolCalls(boolean value) {
            parallelToolCalls = Optional.of(value);
            return this;
        }

        public Builder user(String value) {
            user = value;
            return this;
        }

        public Builder timeout(Duration value) {
            timeout = Optional.of(value);
            return this;
        }

        public GenerationOptions build() {
            return new GenerationOptions(
                    maxTokens,
                    temperature,
                    topP,
                    topK,
                    minP,
                    repetitionPenalty,
                    frequencyPenalty,
                    presencePenalty,
                    seed,
                    stop,
                    logprobs,
                    reasoning,
                    parallelToolCalls,
                    user,
                    timeout);
        }
    }
}
