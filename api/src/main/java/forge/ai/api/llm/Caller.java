package forge.ai.api.llm;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * In whose name a call is made.
 *
 * @param name that of the configured key; it stands in the ledger
 * @param roles what the caller may do: {@link #USE}, {@link #OPERATE}, {@link #ADMIN}
 * @param models the routes, and models as {@code provider/model} or {@code provider/*}, that the caller may use; empty
 *     for all
 */
public record Caller(String name, Set<String> roles, List<String> models) {

    /** The role of those who may ask models. */
    public static final String USE = "use";

    /** The role of those who may load, unload and deploy. */
    public static final String OPERATE = "operate";

    /** The role of those who may change configurations. */
    public static final String ADMIN = "admin";

    /** Who does not say who it is; may do everything where no key is configured. */
    public static final Caller ANONYMOUS = new Caller("anonymous", Set.of(USE, OPERATE, ADMIN), List.of());

    public Caller {
        Objects.requireNonNull(name, "name");
        roles = Set.copyOf(roles);
        models = List.copyOf(models);
    }

    /** Whether the caller may use a route, or a model named {@code provider/model}. */
    public boolean mayUse(String model) {
        return models.isEmpty()
                || models.contains(model)
                || models.contains(model.substring(0, model.indexOf('/') + 1) + "*");
    }
}
