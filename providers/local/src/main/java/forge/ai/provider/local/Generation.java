package forge.ai.provider.local;

import forge.ai.api.InternalException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import forge.ai.provider.local.grammar.Constraint;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** One answer as it is generated: the tokens so far, and the rules by which the next one is chosen and the answer ends. */
final class Generation {

    /**
     * What holds for an answer.
     *
     * @param maxTokens the most tokens to generate, 1 or more
     * @param endTokens those that end it
     * @param logprobs how many alternatives to report with each token, if at all
     * @param constraint what the answer is kept to
     */
    record Rules(int maxTokens, Set<Integer> endTokens, OptionalInt logprobs, Optional<Constraint> constraint) {}

    /** Tokens as texts for people, and as bytes. */
    interface Tokens {
        String text(int token);

        byte[] bytes(int token);
    }

    private final Rules rules;
    private final Sampler sampler;
    private final AnswerText text;
    private final AnswerForm form;
    private final Tokens named;
    private final int prompt;
    private int[] tokens;
    private int reused;

    Generation(int[] prompt, Rules rules, Sampler sampler, AnswerText text, AnswerForm form, Tokens named) {
        this.tokens = prompt;
        this.prompt = prompt.length;
        this.rules = rules;
        this.sampler = sampler;
        this.text = text;
        this.form = form;
        this.named = named;
    }

    /** The prompt and what was generated. Not to be changed. */
    int[] tokens() {
        return tokens;
    }

    /** So many tokens of the prompt had been read before, for another answer. */
    void reused(int count) {
        reused = count;
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
        if (rules.constraint().isPresent() && !rules.constraint().get().restrict(logits)) {
            throw new InternalException("no token of the model goes on with what the answer is kept to");
        }
        int token = sampler.next(logits);
        if (rules.endTokens().contains(token)) {
            return end(FinishReason.STOP, out);
        }
        // Copied for each token, as it is for the model anyway; so the array may be handed out.
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        Optional<TokenLogprob> logprob = rules.logprobs().isPresent()
                ? Optional.of(Logits.logprob(raw, token, rules.logprobs().getAsInt(), named::text))
                : Optional.empty();
        text.add(token, logprob).ifPresent(delta -> form.add(delta, out));
        if (!text.stop().isEmpty()) {
            return end(FinishReason.STOP_SEQUENCE, out);
        }
        if (rules.constraint().isPresent()) {
            rules.constraint().get().accept(named.bytes(token));
            if (rules.constraint().get().complete()) {
                return end(FinishReason.STOP, out);
            }
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
        Usage usage = new Usage(prompt, tokens.length - prompt, reused, 0, 0);
        out.accept(new Finished(actual, text.stop(), Optional.of(usage), Map.of()));
        return true;
    }
}
