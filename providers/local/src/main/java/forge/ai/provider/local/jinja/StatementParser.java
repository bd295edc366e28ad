package forge.ai.provider.local.jinja;

import forge.ai.provider.local.jinja.Node.Flow;
import forge.ai.provider.local.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads blocks and what lies between them. */
final class StatementParser {

    private final TokenReader in;
    private final ExpressionParser expressions;

    StatementParser(List<Token> tokens) {
        in = new TokenReader(tokens);
        expressions = new ExpressionParser(in);
    }

    Node template() {
        Node body = body(Set.of());
        if (in.peek().kind() != Kind.END) {
            throw in.unexpected("the end of the template");
        }
        return body;
    }

    /** Up to a block of one of these names, whose name is next then. */
    private Node body(Set<String> ends) {
        in.enter();
        List<Node> nodes = new ArrayList<>();
        while (in.peek().kind() != Kind.END) {
            if (in.peek().kind() == Kind.BLOCK_BEGIN && ends.contains(in.peek(1).text())) {
                in.next();
                break;
            }
            Token token = in.next();
            switch (token.kind()) {
                case TEXT -> nodes.add(Node.text(token.text()));
                case OUTPUT_BEGIN -> {
                    nodes.add(Node.output(expressions.list()));
                    in.end(Kind.OUTPUT_END);
                }
                default -> nodes.add(block());
            }
        }
        in.leave();
        return Node.all(nodes);
    }

    private Node block() {
        String name = in.name();
        return switch (name) {
            case "if" -> condition();
            case "for" -> loop();
            case "set" -> set();
            case "macro" -> macro();
            case "filter" -> filtered();
            case "break" -> jump(Flow.BREAK);
            case "continue" -> jump(Flow.CONTINUE);
            case "generation" -> {
                // Marks for training what the assistant said.
                in.end(Kind.BLOCK_END);
                yield closed("endgeneration");
            }
            default ->
                throw new TemplateException(
                        "line %d: there is no block %s".formatted(in.peek().line(), name));
        };
    }

    private Node jump(Flow flow) {
        in.end(Kind.BLOCK_END);
        return (scope, out) -> flow;
    }

    /** The rest of a block up to its end. */
    private Node closed(String end) {
        Node body = body(Set.of(end));
        close(end);
        return body;
    }

    private void close(String end) {
        if (!in.skipName(end)) {
            throw in.unexpected(end);
        }
        in.end(Kind.BLOCK_END);
    }

    private Node condition() {
        Expression condition = expressions.expression();
        in.end(Kind.BLOCK_END);
        Node then = body(Set.of("elif", "else", "endif"));
        Node otherwise;
        if (in.skipName("elif")) {
            otherwise = condition();
        } else if (in.skipName("else")) {
            in.end(Kind.BLOCK_END);
            otherwise = closed("endif");
        } else {
            otherwise = Node.all(List.of());
            close("endif");
        }
        return (scope, out) ->
                Values.truth(condition.value(scope)) ? then.render(scope, out) : otherwise.render(scope, out);
    }

    private Node loop() {
        List<String> targets = names();
        if (!in.skipName("in")) {
            throw in.unexpected("in");
        }
        // Not a whole expression: an if behind it filters the loop.
        Expression over = expressions.or();
        Expression filter = in.skipName("if") ? expressions.expression() : scope -> true;
        in.end(Kind.BLOCK_END);
        Node body = body(Set.of("else", "endfor"));
        Node otherwise = Node.all(List.of());
        if (in.skipName("else")) {
            in.end(Kind.BLOCK_END);
            otherwise = closed("endfor");
        } else {
            close("endfor");
        }
        return new Loop(targets, over, filter, body, otherwise);
    }

    private List<String> names() {
        boolean bracket = in.skipSymbol("(");
        List<String> names = new ArrayList<>(List.of(in.name()));
        while (in.skipSymbol(",")) {
            names.add(in.name());
        }
        if (bracket) {
            in.symbol(")");
        }
        return names;
    }

    private Node set() {
        if (in.peek(1).is(Kind.SYMBOL, ".")) {
            String namespace = in.name();
            in.symbol(".");
            String attribute = in.name();
            in.symbol("=");
            Expression value = expressions.list();
            in.end(Kind.BLOCK_END);
            return (scope, out) -> {
                if (!(scope.get(namespace) instanceof Namespace target)) {
                    throw new TemplateException("only a namespace can be changed, and " + namespace + " is none");
                }
                target.values().put(attribute, value.value(scope));
                return Flow.NEXT;
            };
        }
        List<String> names = names();
        if (in.skipSymbol("=")) {
            Expression value = expressions.list();
            in.end(Kind.BLOCK_END);
            return (scope, out) -> {
                Loop.assign(scope, names, value.value(scope));
                return Flow.NEXT;
            };
        }
        Expression[] captured = {scope -> scope.get("the text of the block")};
        while (in.skipSymbol("|")) {
            captured[0] = expressions.filter(captured[0]);
        }
        in.end(Kind.BLOCK_END);
        Node body = closed("endset");
        return (scope, out) -> {
            scope.set(names.getFirst(), captured[0].value(captured(body, scope)));
            return Flow.NEXT;
        };
    }

    private Node filtered() {
        Expression value = expressions.filter(scope -> scope.get("the text of the block"));
        in.end(Kind.BLOCK_END);
        Node body = closed("endfilter");
        return (scope, out) -> {
            scope.budget().write(out, Values.text(value.value(captured(body, scope))));
            return Flow.NEXT;
        };
    }

    /** A scope in which the text of a block is known. */
    private static Scope captured(Node body, Scope scope) {
        Scope inner = scope.inner();
        StringBuilder text = new StringBuilder();
        body.render(inner, text);
        inner.set("the text of the block", text.toString());
        return inner;
    }

    private Node macro() {
        String name = in.name();
        Map<String, @Nullable Expression> parameters = new LinkedHashMap<>();
        in.symbol("(");
        while (!in.skipSymbol(")")) {
            String parameter = in.name();
            parameters.put(parameter, in.skipSymbol("=") ? expressions.expression() : null);
            if (!in.isSymbol(")")) {
                in.symbol(",");
            }
        }
        in.end(Kind.BLOCK_END);
        Node body = closed("endmacro");
        return (scope, out) -> {
            scope.set(name, new Macro(name, parameters, body, scope));
            return Flow.NEXT;
        };
    }
}
