package forge.ai.api.llm;

import java.util.List;
import java.util.Objects;

/**
 * A name that callers use for a model, and where calls to it go.
 *
 * @param name the name
 * @param strategy how a target is chosen, such as {@code priority}
 * @param targets {@code provider/model} each, in order
 */
public record Route(String name, String strategy, List<String> targets) {
    public Route {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(strategy, "strategy");
        targets = List.copyOf(targets);
    }
}
