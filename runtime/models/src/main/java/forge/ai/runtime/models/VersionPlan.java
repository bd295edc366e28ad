package forge.ai.runtime.models;

import forge.ai.api.model.VersionPolicy;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** Decides which versions of a model are to be loaded. */
final class VersionPlan {

    private VersionPlan() {}

    /**
     * The versions that the policy asks for and those that are named. A version that could not be loaded, or
     * not yet, does not count for {@link VersionPolicy.Latest}, so that the one before goes on serving.
     *
     * @param there the versions in the repository
     * @param named those that carry a label, get a share of the traffic or are the shadow of others
     * @param unfit those of them that cannot be loaded
     */
    static Set<Long> wanted(VersionPolicy policy, NavigableSet<Long> there, Collection<Long> named, Set<Long> unfit) {
        Set<Long> wanted = switch (policy) {
            case VersionPolicy.All all -> new TreeSet<>(there);
            case VersionPolicy.Specific(Set<Long> versions) -> new TreeSet<>(versions);
            case VersionPolicy.Latest(int count) -> latest(count, there, unfit);
        };
        wanted.addAll(named);
        wanted.retainAll(there);
        return wanted;
    }

    private static Set<Long> latest(int count, NavigableSet<Long> there, Set<Long> unfit) {
        Set<Long> latest = new TreeSet<>();
        int left = count;
        for (long version : there.descendingSet()) {
            if (left > 0) {
                latest.add(version);
                left -= unfit.contains(version) ? 0 : 1;
            }
        }
        return latest;
    }
}
