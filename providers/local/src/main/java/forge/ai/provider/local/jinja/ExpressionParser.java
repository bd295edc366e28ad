package forge.ai.provider.local.jinja;

import forge.ai.provider.local.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions; each method one level of precedence, as in Jinja's own grammar. */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

    /** Words that a test without brackets does not take for its argument. */
    private static final Set<String> AFTER_TEST = Set.of("and", "or", "else", "if", "is", "in", "not", "recursive");

    private final TokenReader in;

    ExpressionParser(TokenReader in) {
        this.in = in;
    }

    /** One expression, or several with commas between them, which are a list. */
    Expression list() {
        Expression first = expression();
        if (!in.isSymbol(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.skipSymbol(",") && begins()) {
            items.add(expression());
        }
        return listOf(items);
    }

    private boolean begins() {
        Kind kind = in.peek().kind();
        return kind != Kind.BLOCK_END && kind != Kind.OUTPUT_END && !in.isSymbol(")") && !in.isSymbol("=");
    }

    Expression expression() {
        in.enter();
        Expression value = or();
        while (in.skipName("if")) {
            Expression then = value;
            Expression condition = or();
            Expression otherwise =
                    in.skipName("else") ? expression() : scope -> new Undefined("the value without else");
            value = scope -> Values.truth(condition.value(scope)) ? then.value(scope) : otherwise.value(scope);
        }
        in.leave();
        return value;
    }

    Expression or() {
        Expression left = and();
        while (in.skipName("or")) {
            Expression first = left;
            Expression second = and();
            left = scope -> {
                Object value = first.value(scope);
                return Values.truth(value) ? value : second.value(scope);
            };
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (in.skipName("and")) {
            Expression first = left;
            Expression second = not();
            left = scope -> {
                Object value = first.value(scope);
                return Values.truth(value) ? second.value(scope) : value;
            };
        }
        return left;
    }

    private Expression not() {
        if (!in.skipName("not")) {
            return comparison();
        }
        in.enter();
        Expression value = not();
        in.leave();
        return scope -> !Values.truth(value.value(scope));
    }

    private Expression comparison() {
        Expression left = sum();
        @Nullable Expression chain = null;
        while (true) {
            String operator = comparisonOperator();
            if (operator.isEmpty()) {
                return chain == null ? left : chain;
            }
            Expression first = left;
            Expression second = sum();
            Expression one = scope -> Operators.compare(operator, first.value(scope), second.value(scope));
            Expression before = chain;
            chain = before == null ? one : scope -> Values.truth(before.value(scope)) && Values.truth(one.value(scope));
            left = second;
        }
    }

    private String comparisonOperator() {
        Token token = in.peek();
        if (token.kind() == Kind.SYMBOL && COMPARISONS.contains(token.text())) {
            return in.next().text();
        }
        if (in.skipName("in")) {
            return "in";
        }
        if (in.isName("not") && in.peek(1).is(Kind.NAME, "in")) {
            in.next();
            in.next();
            return "not in";
        }
        return "";
    }

    private Expression sum() {
        Expression left = concatenation();
        while (in.isSymbol("+") || in.isSymbol("-")) {
            left = binary(in.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (in.isSymbol("~")) {
            left = binary(in.next().text(), left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (in.isSymbol("*") || in.isSymbol("/") || in.isSymbol("//") || in.isSymbol("%")) {
            left = binary(in.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (in.isSymbol("**")) {
            left = binary(in.next().text(), left, unary(true));
        }
        return left;
    }

    private static Expression binary(String operator, Expression left, Expression right) {
        return scope -> Operators.apply(operator, left.value(scope), right.value(scope), scope.budget());
    }

    private Expression unary(boolean filtered) {
        in.enter();
        Expression value;
        if (in.skipSymbol("-")) {
            Expression negated = unary(false);
            value = scope -> Operators.apply("-", 0L, negated.value(scope), scope.budget());
        } else if (in.skipSymbol("+")) {
            value = unary(false);
        } else {
            value = postfix(primary());
        }
        in.leave();
        return filtered ? filters(value) : value;
    }

    private Expression primary() {
        Token token = in.next();
        return switch (token.kind()) {
            case STRING -> string(token);
            case INTEGER -> constant(Values.integer(token.text()));
            case REAL -> constant(Double.parseDouble(token.text()));
            case NAME -> name(token.text());
            case SYMBOL ->
                switch (token.text()) {
                    case "(" -> group();
                    case "[" -> listOf(items("]"));
                    case "{" -> map();
                    default -> throw unexpected(token);
                };
            default -> throw unexpected(token);
        };
    }

    private static TemplateException unexpected(Token token) {
        return new TemplateException("line %d: expected a value, found %s".formatted(token.line(), token.text()));
    }

    private Expression string(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (in.peek().kind() == Kind.STRING) {
            text.append(in.next().text());
        }
        return constant(text.toString());
    }

    private static Expression constant(@Nullable Object value) {
        return scope -> {
            scope.budget().step();
            return value;
        };
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> constant(true);
            case "false", "False" -> constant(false);
            case "none", "None" -> constant(null);
            default ->
                scope -> {
                    scope.budget().step();
                    return scope.get(name);
                };
        };
    }

    private Expression group() {
        if (in.skipSymbol(")")) {
            return listOf(List.of());
        }
        Expression value = list();
        in.symbol(")");
        return value;
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!in.skipSymbol(end)) {
            items.add(expression());
            if (!in.isSymbol(end)) {
                in.symbol(",");
            }
        }
        return items;
    }

    private static Expression listOf(List<Expression> items) {
        return scope -> {
            List<@Nullable Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(item.value(scope)));
            return scope.budget().made(values);
        };
    }

    private Expression map() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!in.skipSymbol("}")) {
            Expression key = expression();
            in.symbol(":");
            entries.put(key, expression());
            if (!in.isSymbol("}")) {
                in.symbol(",");
            }
        }
        return scope -> {
            Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
            entries.forEach((key, value) -> values.put(key.value(scope), value.value(scope)));
            return values;
        };
    }

    private Expression postfix(Expression begin) {
        Expression value = begin;
        while (true) {
            Expression of = value;
            if (in.skipSymbol(".")) {
                Token key = in.next();
                Object name = key.kind() == Kind.INTEGER ? Values.integer(key.text()) : key.text();
                value = scope -> Members.attribute(of.value(scope), name);
            } else if (in.skipSymbol("[")) {
                value = subscript(of);
            } else if (in.skipSymbol("(")) {
                Call call = call();
                value = scope -> Members.call(of.value(scope), scope, call.arguments(scope));
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of) {
        List<Expression> bounds = new ArrayList<>();
        boolean slice = false;
        Expression bound = constant(null);
        while (!in.skipSymbol("]")) {
            if (in.skipSymbol(":")) {
                slice = true;
                bounds.add(bound);
                bound = constant(null);
            } else {
                bound = expression();
            }
        }
        bounds.add(bound);
        if (!slice) {
            Expression key = bounds.getFirst();
            return scope -> Members.item(of.value(scope), key.value(scope));
        }
        Expression step = bounds.size() > 2 ? bounds.get(2) : constant(null);
        return scope -> Members.slice(
                of.value(scope), bounds.get(0).value(scope), bounds.get(1).value(scope), step.value(scope));
    }

    /** What something is called with, before it is known. */
    record Call(List<Expression> positional, Map<String, Expression> named) {
        Arguments arguments(Scope scope) {
            List<@Nullable Object> values = new ArrayList<>();
            positional.forEach(argument -> values.add(argument.value(scope)));
            Map<String, @Nullable Object> byName = new LinkedHashMap<>();
            named.forEach((name, argument) -> byName.put(name, argument.value(scope)));
            return new Arguments(values, byName);
        }
    }

    private Call call() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!in.skipSymbol(")")) {
            if (in.peek().kind() == Kind.NAME && in.peek(1).is(Kind.SYMBOL, "=")) {
                String name = in.name();
                in.symbol("=");
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!in.isSymbol(")")) {
                in.symbol(",");
            }
        }
        return new Call(positional, named);
    }

    /** Filters and tests behind a value. */
    Expression filters(Expression begin) {
        Expression value = begin;
        while (true) {
            if (in.skipSymbol("|")) {
                value = filter(value);
            } else if (in.skipName("is")) {
                boolean negated = in.skipName("not");
                value = test(value, negated);
            } else {
                return value;
            }
        }
    }

    Expression filter(Expression of) {
        String name = in.name();
        Call call = in.skipSymbol("(") ? call() : new Call(List.of(), Map.of());
        Filters.check(name);
        return scope -> {
            scope.budget().step();
            return Filters.apply(name, of.value(scope), call.arguments(scope), scope);
        };
    }

    private Expression test(Expression of, boolean negated) {
        String name = in.name();
        Call call = new Call(List.of(), Map.of());
        if (in.skipSymbol("(")) {
            call = call();
        } else if (takesArgument()) {
            call = new Call(List.of(postfix(primary())), Map.of());
        }
        Checks.check(name);
        Call with = call;
        return scope -> Checks.holds(name, of.value(scope), with.arguments(scope)) != negated;
    }

    private boolean takesArgument() {
        Token token = in.peek();
        return switch (token.kind()) {
            case STRING, INTEGER, REAL -> true;
            case NAME -> !AFTER_TEST.contains(token.text());
            case SYMBOL -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
    }
}
