package forge.ai.provider.local.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule of a grammar over bytes. Compared by identity: equal rules at different places are different. */
sealed interface Rule {

    /** Nothing. */
    Rule EMPTY = new Sequence(List.of());

    /** What can never be written. */
    Rule NEVER = new Choice(List.of());

    /** One byte of a set. */
    final class Byte implements Rule {
        private final BitSet set;

        Byte(BitSet set) {
            this.set = set;
        }

        boolean has(int value) {
            return set.get(value);
        }
    }

    /** These bytes, at least one. */
    final class Literal implements Rule {
        private final byte[] bytes;

        Literal(byte[] bytes) {
            this.bytes = bytes;
        }

        int length() {
            return bytes.length;
        }

        int at(int index) {
            return bytes[index] & 0xFF;
        }
    }

    /** One after the other. */
    final class Sequence implements Rule {
        private final List<Rule> parts;

        Sequence(List<Rule> parts) {
            this.parts = List.copyOf(parts);
        }

        List<Rule> parts() {
            return parts;
        }
    }

    /** One of several. */
    final class Choice implements Rule {
        private final List<Rule> options;

        Choice(List<Rule> options) {
            this.options = List.copyOf(options);
        }

        List<Rule> options() {
            return options;
        }
    }

    /** One rule several times; what is repeated must not be empty. */
    final class Repeat implements Rule {
        private final Rule rule;
        private final int least;
        private final int most;

        /** @param most -1 for any number */
        Repeat(Rule rule, int least, int most) {
            this.rule = rule;
            this.least = least;
            this.most = most;
        }

        Rule rule() {
            return rule;
        }

        int least() {
            return least;
        }

        int most() {
            return most;
        }
    }

    /** A rule that is made later, because it leads back to where it stands. */
    final class Later implements Rule {
        private @Nullable Rule rule;

        void is(Rule value) {
            rule = value;
        }

        Rule rule() {
            return rule == null ? NEVER : rule;
        }
    }

    static Rule text(String text) {
        return text.isEmpty() ? EMPTY : new Literal(text.getBytes(StandardCharsets.UTF_8));
    }

    static Rule all(Rule... parts) {
        return new Sequence(Arrays.asList(parts));
    }

    static Rule any(Rule... options) {
        return new Choice(Arrays.asList(options));
    }

    static Rule optional(Rule rule) {
        return any(EMPTY, rule);
    }

    /** One of the bytes in ranges, given as {@code from, to, from, to ...}. */
    static Rule range(int... bounds) {
        BitSet set = new BitSet(256);
        for (int i = 0; i < bounds.length; i += 2) {
            set.set(bounds[i], bounds[i + 1] + 1);
        }
        return new Byte(set);
    }
}
