package forge.ai.provider.local;

import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** One answer as it is generated: the tokens so far, and the rules by which the next one is chosen and the answer ends. */
final class Generation {

    /**
     * What holds for an answer.
     *
     * @param maxTokens the most tokens to generate, 1 or more
     * @param endTokens those that end it
     * @param logprobs how many alternatives to report with each token, if at all
     */
    record Rules(int maxTokens, Set<Integer> endTokens, OptionalInt logprobs) {}

    private final Rules rules;
    private final Sampler sampler;
    private final AnswerText text;
    private final AnswerForm form;
    private final IntFunction<String> tokenText;
    private final int prompt;
    private int[] tokens;

    /** @param tokenText names tokens in log probabilities */
    Generation(
            int[] prompt,
            Rules rules,
            Sampler sampler,
            AnswerText text,
            AnswerForm form,
            IntFunction<String> tokenText) {
        this.tokens = prompt;
        this.prompt = prompt.length;
        this.rules = rules;
        this.sampler = sampler;
        this.text = text;
        this.form = form;
        this.tokenText = tokenText;
    }

    /** The prompt and what was generated. Not to be changed. */
    int[] tokens() {
        return tokens;
    }

    /** How many there can be in the end, those of the prompt included. */
    int mostTokens() {
        return prompt + rules.maxTokens();
    }

    /**
     * Takes the model's word on the next token.
     *
     * @param logits are changed
     * @return whether the answer has ended
     */
    boolean next(float[] logits, Consumer<CompletionEvent> out) {
        float[] raw = rules.logprobs().isPresent() ? logits.clone() : logits;
        int token = sampler.next(logits);
        if (rules.endTokens().contains(token)) {
            return end(FinishReason.STOP, out);
        }
        // Copied for each token, as it is for the model anyway; so the array may be handed out.
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        Optional<TokenLogprob> logprob = rules.logprobs().isPresent()
                ? Optional.of(Logits.logprob(raw, token, rules.logprobs().getAsInt(), tokenText))
                : Optional.empty();
        text.add(token, logprob).ifPresent(delta -> form.add(delta, out));
        if (!text.stop().isEmpty()) {
            return end(FinishReason.STOP_SEQUENCE, out);
        }
        return tokens.length - prompt >= rules.maxTokens() && end(FinishReason.LENGTH, out);
    }

    private boolean end(FinishReason reason, Consumer<CompletionEvent> out) {
        if (text.stop().isEmpty()) {
            text.finish().ifPresent(delta -> form.add(delta, out));
        }
        form.finish(out);
        // A stop text can also be complete with the very last characters.
        FinishReason actual = text.stop().isEmpty() ? reason : FinishReason.STOP_SEQUENCE;
        if (form.called() && actual == FinishReason.STOP) {
            actual = FinishReason.TOOL_CALLS;
        }
        Usage usage = Usage.of(prompt, tokens.length - prompt);
        out.accept(new Finished(actual, text.stop(), Optional.of(usage), Map.of()));
        return true;
    }
}
