package forge.ai.provider.local.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operators between two values, as in Python. */
final class Operators {

    private Operators() {}

    static boolean compare(String operator, @Nullable Object left, @Nullable Object right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(left, right) < 0;
            case ">" -> order(left, right) > 0;
            case "<=" -> order(left, right) <= 0;
            default -> order(left, right) >= 0;
        };
    }

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return Values.number(left) == Values.number(right);
        }
        if (left instanceof Undefined || right instanceof Undefined) {
            return left instanceof Undefined && right instanceof Undefined;
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            boolean same = a.size() == b.size();
            for (int i = 0; same && i < a.size(); i++) {
                same = equal(a.get(i), b.get(i));
            }
            return same;
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(e -> b.containsKey(e.getKey()) && equal(e.getValue(), b.get(e.getKey())));
        }
        return Objects.equals(left, right);
    }

    static int order(@Nullable Object left, @Nullable Object right) {
        if (left instanceof String a && right instanceof String b) {
            return a.compareTo(b);
        }
        return Double.compare(Values.number(left), Values.number(right));
    }

    static boolean contains(@Nullable Object in, @Nullable Object value) {
        return switch (in) {
            case String text -> text.contains(Values.string(value));
            case Map<?, ?> map -> map.containsKey(value);
            case List<?> list -> list.stream().anyMatch(element -> equal(element, value));
            case Undefined undefined -> false;
            case null, default -> throw new TemplateException("nothing can be in " + Values.kind(in));
        };
    }

    static @Nullable Object apply(String operator, @Nullable Object left, @Nullable Object right, Budget budget) {
        budget.step();
        if (operator.equals("~")) {
            return joined(Values.text(left), Values.text(right), budget);
        }
        if (operator.equals("+") && left instanceof String a) {
            return joined(a, Values.string(right), budget);
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            Budget.checkElements((long) a.size() + b.size());
            List<@Nullable Object> both = new ArrayList<>(a);
            both.addAll(b);
            return budget.made(both);
        }
        if (operator.equals("*") && left instanceof String text) {
            long times = Math.max(0, Values.integer(right));
            Budget.checkCharacters(Math.multiplyExact(times, (long) Math.max(1, text.length())));
            return budget.made(text.repeat((int) times));
        }
        boolean whole = !(left instanceof Double || right instanceof Double) && !operator.equals("/");
        return whole
                ? integers(operator, Values.integer(left), Values.integer(right))
                : reals(operator, Values.number(left), Values.number(right));
    }

    private static String joined(String left, String right, Budget budget) {
        Budget.checkCharacters((long) left.length() + right.length());
        return budget.made(left + right);
    }

    private static Object integers(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            default -> right >= 0 ? (Object) Math.round(Math.pow(left, right)) : (Object) Math.pow(left, right);
        };
    }

    private static double reals(String operator, double left, double right) {
        if (right == 0 && (operator.startsWith("/") || operator.equals("%"))) {
            throw new TemplateException("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            default -> Math.pow(left, right);
        };
    }
}
