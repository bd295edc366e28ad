package forge.ai.runtime.models;

import forge.ai.api.model.ModelBackend;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Constants;

/** A backend service with the properties it was published with; equal only to itself. */
final class BoundBackend {

    /** Highest ranking first; of equals the newest, for it replaces the others. */
    static final Comparator<BoundBackend> ORDER = Comparator.<BoundBackend>comparingInt(b -> b.ranking)
            .thenComparingLong(b -> b.id)
            .reversed();

    private final ModelBackend service;
    private final String name;
    private final List<Set<String>> patterns;
    private final int ranking;
    private final long id;

    BoundBackend(ModelBackend service, Map<String, ?> properties) {
        this.service = service;
        this.name = String.valueOf(properties.get(ModelBackend.NAME));
        this.patterns = texts(properties.get(ModelBackend.FILES)).stream()
                .map(text -> Set.of(text.split("\\+")))
                .toList();
        this.ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer i ? i : 0;
        this.id = properties.get(Constants.SERVICE_ID) instanceof Long l ? l : 0;
    }

    private static List<String> texts(Object property) {
        return switch (property) {
            case null -> List.of();
            case String text -> List.of(text);
            case String[] several -> Arrays.asList(several);
            case Iterable<?> several -> {
                List<String> all = new java.util.ArrayList<>();
                several.forEach(item -> all.add(String.valueOf(item)));
                yield all;
            }
            default -> List.of();
        };
    }

    ModelBackend service() {
        return service;
    }

    String name() {
        return name;
    }

    List<Set<String>> patterns() {
        return patterns;
    }

    /** The length of the longest list of files that are all there; 0 if this backend does not recognise them. */
    int recognises(Set<String> files) {
        return patterns.stream()
                .filter(files::containsAll)
                .mapToInt(Set::size)
                .max()
                .orElse(0);
    }

    @Override
    public String toString() {
        return name + "#" + id;
    }
}
