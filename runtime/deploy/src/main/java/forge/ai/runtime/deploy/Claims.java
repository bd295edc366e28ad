package forge.ai.runtime.deploy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who wants which bundle; of each symbolic name one bundle is preferred, and it stays until its last owner is gone. */
final class Claims {

    private final Map<String, List<Claim>> byName = new HashMap<>();

    /** Puts a claim in the place of what its owner wanted under that name until now. */
    Optional<Claim> put(Claim claim) {
        String name = claim.artifact().symbolicName();
        Optional<Claim> before = remove(claim.owner(), name);
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(claim);
        return before;
    }

    Optional<Claim> remove(String owner, String symbolicName) {
        Optional<Claim> found =
                of(symbolicName).stream().filter(c -> c.owner().equals(owner)).findFirst();
        found.ifPresent(claim -> byName.get(symbolicName).remove(claim));
        return found;
    }

    /** The claims on one name, in no order. */
    List<Claim> of(String symbolicName) {
        return byName.getOrDefault(symbolicName, List.of());
    }

    Optional<Claim> preferred(String symbolicName) {
        return of(symbolicName).stream().max(Claim.PREFERENCE);
    }

    List<Claim> ownedBy(String owner) {
        return all().stream().filter(c -> c.owner().equals(owner)).toList();
    }

    List<Claim> all() {
        return byName.values().stream().flatMap(Collection::stream).toList();
    }
}
