package forge.ai.provider.local;

/** Turns the tokens of one sequence into text, piece by piece; no piece ends within a character. */
interface Detokenizer {

    /** The text that is complete with this token, often none. */
    String add(int token);

    /** What is left at the end; bytes that are no character become U+FFFD. */
    String finish();
}
