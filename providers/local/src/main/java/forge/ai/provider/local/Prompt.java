package forge.ai.provider.local;

/**
 * A text to be continued.
 *
 * @param text with the names of special tokens in it, where it has any
 * @param wrapped whether the tokenizer puts around it what it puts around texts
 * @param form what is told apart in the answer
 */
record Prompt(String text, boolean wrapped, AnswerForm.Kind form) {

    static Prompt plain(String text) {
        return new Prompt(text, true, AnswerForm.Kind.PLAIN);
    }
}
