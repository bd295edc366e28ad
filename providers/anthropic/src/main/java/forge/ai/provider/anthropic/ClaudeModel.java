package forge.ai.provider.anthropic;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model takes, as far as its name tells. Models without a number in their name, such as those of a gateway, are
 * taken for current ones that take all.
 *
 * @param number 100 for each main version and 1 for each after the point, such as 405 for 4.5; 0 if not known
 */
record ClaudeModel(int number) {

    private static final Pattern NUMBER = Pattern.compile("claude-(?:[a-z]+-)?(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)");

    static ClaudeModel of(String name) {
        Matcher matcher = NUMBER.matcher(name);
        if (!matcher.find()) {
            return new ClaudeModel(0);
        }
        int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return new ClaudeModel(Integer.parseInt(matcher.group(1)) * 100 + minor);
    }

    private boolean known() {
        return number > 0;
    }

    /** What it may be told of how to draw tokens: from 4.1 on not all at once, from 4.7 on nothing. */
    Sampling sampling() {
        return number < 401 ? Sampling.ALL : number < 407 ? Sampling.ONE : Sampling.NONE;
    }

    /** Whether it can think at all. */
    boolean thinks() {
        return !known() || number >= 307;
    }

    /** Whether it finds out by itself how much to think, which earlier ones refuse. */
    boolean thinksAdaptively() {
        return !known() || number >= 406;
    }

    /** Whether it may be told how many tokens to think with; from 4.7 on it is refused. */
    boolean takesBudget() {
        return number < 407;
    }

    /** Whether it keeps its thoughts to itself unless asked for. */
    boolean hidesThoughts() {
        return number >= 407;
    }

    /** Whether its answer can be held to a schema. */
    boolean takesSchema() {
        return !known() || number >= 401;
    }
}
