package forge.ai.provider.local;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Decodes a growing window of tokens and gives what is new at its end: for tokenizers whose text of a token depends on
 * its neighbours, such as SentencePiece with its marks for blanks.
 */
final class WindowDetokenizer implements Detokenizer {

    private final Function<long[], String> decode;
    /** From the last tokens that gave text: they stand before the new ones, so that a blank between them shows. */
    private final List<Integer> window = new ArrayList<>();

    private int given;

    /** @param prompt the tokens before the first one; a few of them are enough */
    WindowDetokenizer(Function<long[], String> decode, List<Integer> prompt) {
        this.decode = decode;
        window.addAll(prompt);
        given = prompt.size();
    }

    @Override
    public String add(int token) {
        window.add(token);
        String text = decode(window.size());
        String before = decode(given);
        // A replacement character at the end is most often a character whose bytes are still coming.
        if (text.length() <= before.length() || text.endsWith("\uFFFD")) {
            return "";
        }
        window.subList(0, given).clear();
        given = window.size();
        return text.substring(before.length());
    }

    @Override
    public String finish() {
        String text = decode(window.size());
        String before = decode(given);
        window.clear();
        given = 0;
        return text.length() > before.length() ? text.substring(before.length()) : "";
    }

    private String decode(int count) {
        return count == 0
                ? ""
                : decode.apply(window.subList(0, count).stream()
                        .mapToLong(Integer::longValue)
                        .toArray());
    }
}
