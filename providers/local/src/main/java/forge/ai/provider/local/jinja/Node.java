package forge.ai.provider.local.jinja;

import java.util.List;

/** A part of a template that writes text. */
interface Node {

    /** How it goes on after a node. */
    enum Flow {
        NEXT,
        CONTINUE,
        BREAK
    }

    Flow render(Scope scope, StringBuilder out);

    /** One after the other. */
    static Node all(List<Node> nodes) {
        return (scope, out) -> {
            for (Node node : nodes) {
                Flow flow = node.render(scope, out);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        };
    }

    static Node text(String text) {
        return (scope, out) -> {
            scope.budget().write(out, text);
            return Flow.NEXT;
        };
    }

    static Node output(Expression expression) {
        return (scope, out) -> {
            scope.budget().write(out, Values.text(expression.value(scope)));
            return Flow.NEXT;
        };
    }
}
