package forge.ai.provider.local;

import java.util.Optional;

/**
 * A text to be continued.
 *
 * @param text with the names of special tokens in it, where it has any
 * @param wrapped whether the tokenizer puts around it what it puts around texts
 * @param form what is told apart in the answer
 * @param rules what the answer is kept to
 */
record Prompt(String text, boolean wrapped, AnswerForm.Kind form, Optional<AnswerRules> rules) {

    static Prompt plain(String text) {
        return new Prompt(text, true, AnswerForm.Kind.PLAIN, Optional.empty());
    }
}
