package forge.ai.runtime.models;

import forge.ai.api.model.ModelBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The backends that are there, the preferred one first. */
final class Backends {

    private final List<BoundBackend> bound = new ArrayList<>();

    void add(BoundBackend backend) {
        bound.add(backend);
        bound.sort(BoundBackend.ORDER);
    }

    Optional<BoundBackend> remove(ModelBackend service) {
        Optional<BoundBackend> found =
                bound.stream().filter(b -> b.service() == service).findFirst();
        found.ifPresent(bound::remove);
        return found;
    }

    boolean contains(BoundBackend backend) {
        return bound.contains(backend);
    }

    /**
     * The backend that loads a version.
     *
     * @param named by {@code config.json}, or empty to go by the files
     */
    Optional<BoundBackend> choose(String named, Set<String> files) {
        if (!named.isEmpty()) {
            return bound.stream().filter(b -> b.name().equals(named)).findFirst();
        }
        BoundBackend best = null;
        int longest = 0;
        for (BoundBackend backend : bound) {
            int length = backend.recognises(files);
            if (length > longest) {
                best = backend;
                longest = length;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Why {@link #choose} found none. */
    String missing(String named, Set<String> files) {
        if (!named.isEmpty()) {
            return "there is no backend " + named + " now; there are: " + names();
        }
        return "no backend recognises the files " + new TreeSet<>(files) + "; there are: " + names();
    }

    private String names() {
        Set<String> names = new TreeSet<>();
        bound.forEach(b -> b.patterns().forEach(p -> names.add(b.name() + " (" + String.join(" + ", p) + ")")));
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
