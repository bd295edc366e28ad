package forge.ai.runtime.prompts;

import forge.ai.api.prompt.PromptVariable.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What values a variable takes, and how they stand in a text. */
sealed interface Kind {

    Type type();

    /** The value as it stands in a text; empty if it is not allowed. */
    Optional<String> text(Object value);

    /** What is allowed, in words. */
    String allowed();

    /** A range in words. */
    private static String range(Optional<?> least, Optional<?> most) {
        if (least.isPresent() && most.isPresent()) {
            return " from " + least.get() + " to " + most.get();
        }
        return least.map(l -> " of " + l + " or more")
                .or(() -> most.map(m -> " of " + m + " or less"))
                .orElse("");
    }

    private static boolean within(BigDecimal number, Optional<BigDecimal> least, Optional<BigDecimal> most) {
        return least.map(l -> number.compareTo(l) >= 0).orElse(true)
                && most.map(m -> number.compareTo(m) <= 0).orElse(true);
    }

    /** A text. */
    record Words(int minLength, int maxLength, Optional<Pattern> pattern) implements Kind {
        @Override
        public Type type() {
            return Type.STRING;
        }

        /** The length comes first: it bounds the work of the pattern. */
        @Override
        public Optional<String> text(Object value) {
            return value instanceof String text
                            && text.length() >= minLength
                            && text.length() <= maxLength
                            && pattern.map(p -> p.matcher(text).matches()).orElse(true)
                    ? Optional.of(text)
                    : Optional.empty();
        }

        @Override
        public String allowed() {
            return "a text of " + minLength + " to " + maxLength + " characters"
                    + pattern.map(p -> " that matches " + p).orElse("");
        }
    }

    /** A whole number. */
    record Whole(Optional<BigDecimal> minimum, Optional<BigDecimal> maximum) implements Kind {

        private static final int DIGITS = 40;

        @Override
        public Type type() {
            return Type.INTEGER;
        }

        @Override
        public Optional<String> text(Object value) {
            String digits = value instanceof Number || value instanceof String
                    ? value.toString().strip()
                    : "";
            if (digits.length() > DIGITS || !digits.matches("[+-]?\\d+")) {
                return Optional.empty();
            }
            BigInteger number = new BigInteger(digits);
            return within(new BigDecimal(number), minimum, maximum) ? Optional.of(number.toString()) : Optional.empty();
        }

        @Override
        public String allowed() {
            return "a whole number" + range(minimum, maximum);
        }
    }

    /** Any number. */
    record Decimal(Optional<BigDecimal> minimum, Optional<BigDecimal> maximum) implements Kind {

        private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,40}(\\.\\d{1,40})?([eE][+-]?\\d{1,3})?");

        @Override
        public Type type() {
            return Type.NUMBER;
        }

        @Override
        public Optional<String> text(Object value) {
            String digits = value instanceof Number || value instanceof String
                    ? value.toString().strip()
                    : "";
            return NUMBER.matcher(digits).matches() && within(new BigDecimal(digits), minimum, maximum)
                    ? Optional.of(digits)
                    : Optional.empty();
        }

        @Override
        public String allowed() {
            return "a number" + range(minimum, maximum);
        }
    }

    /** True or false. */
    record Flag() implements Kind {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }

        @Override
        public Optional<String> text(Object value) {
            return Optional.of(value.toString()).filter(text -> text.equals("true") || text.equals("false"));
        }

        @Override
        public String allowed() {
            return "true or false";
        }
    }

    /** One of several texts. */
    record Choice(List<String> values) implements Kind {
        @Override
        public Type type() {
            return Type.ENUM;
        }

        @Override
        public Optional<String> text(Object value) {
            return Optional.of(value.toString()).filter(values::contains);
        }

        @Override
        public String allowed() {
            return "one of " + String.join(", ", values);
        }
    }

    /** Several texts. */
    record Several(Kind item, int minItems, int maxItems, String separator) implements Kind {
        @Override
        public Type type() {
            return Type.LIST;
        }

        @Override
        public Optional<String> text(Object value) {
            Collection<?> items = value instanceof Collection<?> many ? many : List.of(value);
            if (items.size() < minItems || items.size() > maxItems) {
                return Optional.empty();
            }
            List<String> texts = new ArrayList<>();
            for (Object one : items) {
                Optional<String> text = item.text(one);
                if (text.isEmpty()) {
                    return Optional.empty();
                }
                texts.add(text.get());
            }
            return Optional.of(String.join(separator, texts));
        }

        @Override
        public String allowed() {
            return "a list of " + minItems + " to " + maxItems + ", each " + item.allowed();
        }
    }
}
