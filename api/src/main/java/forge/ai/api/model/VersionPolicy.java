package forge.ai.api.model;

import java.util.Set;

/** Which versions of a model are loaded. */
public sealed interface VersionPolicy {

    /**
     * The highest ones.
     *
     * @param count how many, 1 or more
     */
    record Latest(int count) implements VersionPolicy {}

    /** Every version. */
    record All() implements VersionPolicy {}

    /**
     * Those named.
     *
     * @param versions their numbers
     */
    record Specific(Set<Long> versions) implements VersionPolicy {
        public Specific {
            versions = Set.copyOf(versions);
        }
    }
}
