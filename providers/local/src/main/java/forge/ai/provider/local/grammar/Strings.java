package forge.ai.provider.local.grammar;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Texts of JSON in UTF-8. */
final class Strings {

    private static final Rule HEX = Rule.range('0', '9', 'a', 'f', 'A', 'F');
    private static final Rule TAIL = Rule.range(0x80, 0xBF);
    private static final Rule TWO_BYTES = Rule.all(Rule.range(0xC2, 0xDF), TAIL);
    private static final Rule THREE_BYTES = Rule.any(
            Rule.all(Rule.range(0xE0, 0xE0), Rule.range(0xA0, 0xBF), TAIL),
            Rule.all(Rule.range(0xE1, 0xEC, 0xEE, 0xEF), TAIL, TAIL),
            Rule.all(Rule.range(0xED, 0xED), Rule.range(0x80, 0x9F), TAIL));
    private static final Rule FOUR_BYTES = Rule.any(
            Rule.all(Rule.range(0xF0, 0xF0), Rule.range(0x90, 0xBF), TAIL, TAIL),
            Rule.all(Rule.range(0xF1, 0xF3), TAIL, TAIL, TAIL),
            Rule.all(Rule.range(0xF4, 0xF4), Rule.range(0x80, 0x8F), TAIL, TAIL));
    /** Halves of characters beyond the first 65536 are left out: alone they are no character. */
    private static final Rule ESCAPE = Rule.all(
            Rule.text("\\"),
            Rule.any(
                    Rule.range('"', '"', '\\', '\\', '/', '/', 'b', 'b', 'f', 'f', 'n', 'n', 'r', 'r', 't', 't'),
                    Rule.all(
                            Rule.text("u"),
                            Rule.any(
                                    Rule.all(
                                            Rule.range('0', '9', 'a', 'c', 'A', 'C', 'e', 'f', 'E', 'F'),
                                            HEX,
                                            HEX,
                                            HEX),
                                    Rule.all(Rule.range('d', 'd', 'D', 'D'), Rule.range('0', '7'), HEX, HEX)))));

    private static final Rule QUOTE = Rule.text("\"");

    /** One character. */
    static final Rule CHARACTER =
            Rule.any(Rule.range(' ', '!', '#', '[', ']', 0x7F), TWO_BYTES, THREE_BYTES, FOUR_BYTES, ESCAPE);

    static final Rule STRING = string(0, -1);

    private Strings() {}

    /** A text of so many characters; -1 for any number at most. */
    static Rule string(int least, int most) {
        return Rule.all(QUOTE, new Rule.Repeat(CHARACTER, least, most), QUOTE);
    }

    /** A text that is none of these, and has no escapes, by which it could be one in disguise. */
    static Rule other(Collection<String> names) {
        TreeMap<String, Boolean> sorted = new TreeMap<>();
        names.forEach(name -> sorted.put(name, true));
        return Rule.all(QUOTE, other(sorted, ""));
    }

    /** The rest of a text that begins like this, with the quote at its end. */
    private static Rule other(TreeMap<String, Boolean> names, String begin) {
        Rule free = Rule.all(new Rule.Repeat(plainBut(List.of()), 0, -1), QUOTE);
        Map<Integer, Boolean> following = new TreeMap<>();
        for (String name : names.tailMap(begin).keySet()) {
            if (!name.startsWith(begin)) {
                break;
            }
            if (name.length() > begin.length()) {
                following.put(name.codePointAt(begin.length()), true);
            }
        }
        List<Rule> options = new ArrayList<>();
        if (!names.containsKey(begin)) {
            options.add(QUOTE);
        }
        options.add(Rule.all(plainBut(new ArrayList<>(following.keySet())), free));
        for (int next : following.keySet()) {
            String longer = begin + Character.toString(next);
            options.add(Rule.all(Rule.text(Character.toString(next)), other(names, longer)));
        }
        return new Rule.Choice(options);
    }

    /** One character without escapes, but for some. Where one of those is not in ASCII, none that is not in ASCII. */
    private static Rule plainBut(List<Integer> excluded) {
        List<Integer> bounds = new ArrayList<>();
        for (int c = ' '; c < 0x80; c++) {
            if (c != '"' && c != '\\' && !excluded.contains(c)) {
                bounds.add(c);
                bounds.add(c);
            }
        }
        Rule ascii = Rule.range(bounds.stream().mapToInt(Integer::intValue).toArray());
        boolean others = excluded.stream().allMatch(c -> c < 0x80);
        return others ? Rule.any(ascii, TWO_BYTES, THREE_BYTES, FOUR_BYTES) : ascii;
    }
}
