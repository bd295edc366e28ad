package forge.ai.provider.local.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers of JSON, also within bounds. */
final class Numbers {

    private static final Rule DIGIT = Rule.range('0', '9');
    private static final Rule FRACTION = Rule.all(Rule.text("."), new Rule.Repeat(DIGIT, 1, 16));
    private static final Rule WHOLE =
            Rule.any(Rule.text("0"), Rule.all(Rule.range('1', '9'), new Rule.Repeat(DIGIT, 0, 15)));
    private static final Rule EXPONENT = Rule.all(
            Rule.range('e', 'e', 'E', 'E'),
            Rule.optional(Rule.range('+', '+', '-', '-')),
            new Rule.Repeat(DIGIT, 1, 2));

    /** Larger numbers are not exact as {@code double}, so they are left out where nothing bounds a number. */
    private static final BigInteger LARGEST = BigInteger.TEN.pow(15);

    private static final int DECIMALS = 8;

    static final Rule INTEGER = Rule.all(Rule.optional(Rule.text("-")), WHOLE);
    static final Rule NUMBER = Rule.all(INTEGER, Rule.optional(FRACTION), Rule.optional(EXPONENT));

    /**
     * What bounds a number.
     *
     * @param least null for none
     * @param most null for none
     */
    record Bounds(
            @Nullable BigDecimal least,
            boolean leastOpen,
            @Nullable BigDecimal most,
            boolean mostOpen) {
        boolean none() {
            return least == null && most == null;
        }

        /** The smallest whole number of so many units. */
        private BigInteger first(int decimals) {
            if (least == null) {
                return LARGEST.negate();
            }
            BigDecimal scaled = least.scaleByPowerOfTen(decimals);
            BigInteger first = scaled.setScale(0, RoundingMode.CEILING).toBigInteger();
            return leastOpen && scaled.compareTo(new BigDecimal(first)) == 0 ? first.add(BigInteger.ONE) : first;
        }

        private BigInteger last(int decimals) {
            if (most == null) {
                return LARGEST;
            }
            BigDecimal scaled = most.scaleByPowerOfTen(decimals);
            BigInteger last = scaled.setScale(0, RoundingMode.FLOOR).toBigInteger();
            return mostOpen && scaled.compareTo(new BigDecimal(last)) == 0 ? last.subtract(BigInteger.ONE) : last;
        }
    }

    private Numbers() {}

    static Rule integer(Bounds bounds) {
        return bounds.none() ? INTEGER : between(bounds.first(0), bounds.last(0));
    }

    /** Within bounds not every number, but some of any size that there is. */
    static Rule number(Bounds bounds) {
        if (bounds.none()) {
            return NUMBER;
        }
        List<Rule> options = new ArrayList<>(List.of(between(bounds.first(0), bounds.last(0))));
        BigInteger first = bounds.first(0);
        BigInteger last = bounds.last(0);
        // What lies between one whole number and the next, on either side of zero.
        options.add(Rule.all(between(first.max(BigInteger.ZERO), last.subtract(BigInteger.ONE)), FRACTION));
        if (first.signum() < 0) {
            BigInteger nearest = last.min(BigInteger.ZERO).negate();
            options.add(Rule.all(Rule.text("-"), between(nearest, first.negate().subtract(BigInteger.ONE)), FRACTION));
        }
        if (first.compareTo(last) > 0) {
            options.add(decimals(bounds));
        }
        return new Rule.Choice(options);
    }

    /** Where there is no whole number within the bounds: with as many decimals as it takes. */
    private static Rule decimals(Bounds bounds) {
        for (int decimals = 1; decimals <= DECIMALS; decimals++) {
            BigInteger first = bounds.first(decimals);
            BigInteger last = bounds.last(decimals);
            if (first.compareTo(last) <= 0) {
                boolean negative = last.signum() < 0;
                String least = digits(negative ? last.negate() : first, decimals);
                String most = digits(negative ? first.negate() : last, decimals);
                int point = least.length() - decimals;
                return Rule.all(
                        Rule.text((negative ? "-" : "") + least.substring(0, point) + "."),
                        same(least.substring(point), most.substring(point)));
            }
        }
        return Rule.NEVER;
    }

    private static String digits(BigInteger value, int decimals) {
        String digits = value.toString();
        return "0".repeat(Math.max(0, decimals + 1 - digits.length())) + digits;
    }

    /** The whole numbers from one to another. */
    private static Rule between(BigInteger first, BigInteger last) {
        List<Rule> options = new ArrayList<>();
        if (first.signum() < 0) {
            BigInteger nearest = last.signum() < 0 ? last.negate() : BigInteger.ONE;
            options.add(Rule.all(Rule.text("-"), positive(nearest, first.negate())));
        }
        if (last.signum() >= 0) {
            options.add(positive(first.max(BigInteger.ZERO), last));
        }
        return first.compareTo(last) > 0 ? Rule.NEVER : new Rule.Choice(options);
    }

    private static Rule positive(BigInteger first, BigInteger last) {
        List<Rule> options = new ArrayList<>();
        for (int length = first.toString().length(); length <= last.toString().length(); length++) {
            BigInteger least = first.max(length == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1));
            BigInteger most = last.min(BigInteger.TEN.pow(length).subtract(BigInteger.ONE));
            if (least.compareTo(most) <= 0) {
                options.add(same(least.toString(), most.toString()));
            }
        }
        return new Rule.Choice(options);
    }

    /** Digits between two texts of one length. */
    private static Rule same(String least, String most) {
        if (least.isEmpty()) {
            return Rule.EMPTY;
        }
        char low = least.charAt(0);
        char high = most.charAt(0);
        String lowRest = least.substring(1);
        String highRest = most.substring(1);
        if (low == high) {
            return Rule.all(Rule.text(String.valueOf(low)), same(lowRest, highRest));
        }
        int rest = lowRest.length();
        String nines = "9".repeat(rest);
        String zeros = "0".repeat(rest);
        if (lowRest.equals(zeros) && highRest.equals(nines)) {
            return Rule.all(Rule.range(low, high), digits(rest));
        }
        List<Rule> options = new ArrayList<>();
        options.add(Rule.all(Rule.text(String.valueOf(low)), same(lowRest, nines)));
        if (high - low > 1) {
            options.add(Rule.all(Rule.range(low + 1, high - 1), digits(rest)));
        }
        options.add(Rule.all(Rule.text(String.valueOf(high)), same(zeros, highRest)));
        return new Rule.Choice(options);
    }

    private static Rule digits(int count) {
        return count == 0 ? Rule.EMPTY : new Rule.Repeat(DIGIT, count, count);
    }
}
