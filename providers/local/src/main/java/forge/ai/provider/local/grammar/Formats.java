package forge.ai.provider.local.grammar;

import java.util.Optional;

/** Texts of the formats that JSON Schema names, in a usual notation. */
final class Formats {

    private static final Rule DIGIT = Rule.range('0', '9');
    private static final Rule HEX = Rule.range('0', '9', 'a', 'f');
    /** Without the days after the 28th, which not every month has. */
    private static final Rule DATE = Rule.all(
            new Rule.Repeat(DIGIT, 4, 4),
            Rule.text("-"),
            Rule.any(Rule.all(Rule.text("0"), Rule.range('1', '9')), Rule.all(Rule.text("1"), Rule.range('0', '2'))),
            Rule.text("-"),
            Rule.any(
                    Rule.all(Rule.text("0"), Rule.range('1', '9')),
                    Rule.all(Rule.text("1"), DIGIT),
                    Rule.all(Rule.text("2"), Rule.range('0', '8'))));

    private static final Rule SIXTY = Rule.all(Rule.range('0', '5'), DIGIT);
    private static final Rule TIME = Rule.all(
            Rule.any(Rule.all(Rule.range('0', '1'), DIGIT), Rule.all(Rule.text("2"), Rule.range('0', '3'))),
            Rule.text(":"),
            SIXTY,
            Rule.text(":"),
            SIXTY,
            Rule.optional(Rule.all(Rule.text("."), new Rule.Repeat(DIGIT, 1, 6))),
            Rule.text("Z"));
    private static final Rule OCTET = Rule.any(
            DIGIT,
            Rule.all(Rule.range('1', '9'), DIGIT),
            Rule.all(Rule.text("1"), DIGIT, DIGIT),
            Rule.all(Rule.text("2"), Rule.range('0', '4'), DIGIT),
            Rule.all(Rule.text("25"), Rule.range('0', '5')));

    private Formats() {}

    /** A text of a format; empty if the format is not known, which then is only a word on what is meant. */
    static Optional<Rule> of(String format) {
        Rule text = switch (format) {
            case "date" -> DATE;
            case "time" -> TIME;
            case "date-time" -> Rule.all(DATE, Rule.text("T"), TIME);
            case "uuid" ->
                Rule.all(
                        hex(8),
                        Rule.text("-"),
                        hex(4),
                        Rule.text("-"),
                        hex(4),
                        Rule.text("-"),
                        hex(4),
                        Rule.text("-"),
                        hex(12));
            case "ipv4" -> Rule.all(OCTET, Rule.text("."), OCTET, Rule.text("."), OCTET, Rule.text("."), OCTET);
            default -> Rule.EMPTY;
        };
        return text == Rule.EMPTY ? Optional.empty() : Optional.of(Rule.all(Rule.text("\""), text, Rule.text("\"")));
    }

    private static Rule hex(int count) {
        return new Rule.Repeat(HEX, count, count);
    }
}
