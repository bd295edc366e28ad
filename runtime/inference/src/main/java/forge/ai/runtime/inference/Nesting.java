package forge.ai.runtime.inference;

import forge.ai.api.UnsupportedException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pipelines a request is in: a pipeline may have others as steps, but not itself.
 *
 * @param models their names, the outermost first
 */
record Nesting(List<String> models) {

    static final Nesting NONE = new Nesting(List.of());

    private static final int DEEPEST = 16;

    Nesting {
        models = List.copyOf(models);
    }

    /** One pipeline further in. */
    Nesting in(String model) {
        List<String> path = new ArrayList<>(models);
        path.add(model);
        if (models.contains(model)) {
            throw new UnsupportedException(
                    "the pipeline " + model + " leads back to itself: " + String.join(" -> ", path));
        }
        if (path.size() > DEEPEST) {
            throw new UnsupportedException(
                    "more than %d pipelines in one another: %s".formatted(DEEPEST, String.join(" -> ", path)));
        }
        return new Nesting(path);
    }
}
