package forge.ai.api.vector;

import java.util.List;
import java.util.Objects;

/**
 * Which entries count, by their metadata. A number equals any number of the same value, whole or not; texts and truth
 * values equal their like alone. An entry without the key meets no condition on it.
 */
public sealed interface VectorFilter {

    /**
     * The value is this one.
     *
     * @param value a {@link String}, {@link Boolean} or {@link Number}
     */
    record Equal(String key, Object value) implements VectorFilter {
        public Equal {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }

    /** The value is one of these; of none, it is never met. */
    record In(String key, List<Object> values) implements VectorFilter {
        public In {
            Objects.requireNonNull(key, "key");
            values = List.copyOf(values);
        }
    }

    /** The value is a number from one to another, both inclusive; infinities leave an end open. */
    record Range(String key, double from, double to) implements VectorFilter {
        public Range {
            Objects.requireNonNull(key, "key");
        }
    }

    /** All are met; of none, it is always met. */
    record And(List<VectorFilter> filters) implements VectorFilter {
        public And {
            filters = List.copyOf(filters);
        }
    }

    /** At least one is met; of none, it is never met. */
    record Or(List<VectorFilter> filters) implements VectorFilter {
        public Or {
            filters = List.copyOf(filters);
        }
    }

    /** It is not met. */
    record Not(VectorFilter filter) implements VectorFilter {
        public Not {
            Objects.requireNonNull(filter, "filter");
        }
    }

    static VectorFilter equal(String key, Object value) {
        return new Equal(key, value);
    }

    static VectorFilter in(String key, Object... values) {
        return new In(key, List.of(values));
    }

    static VectorFilter between(String key, double from, double to) {
        return new Range(key, from, to);
    }

    static VectorFilter atLeast(String key, double from) {
        return new Range(key, from, Double.POSITIVE_INFINITY);
    }

    static VectorFilter atMost(String key, double to) {
        return new Range(key, Double.NEGATIVE_INFINITY, to);
    }

    static VectorFilter and(VectorFilter... filters) {
        return new And(List.of(filters));
    }

    static VectorFilter or(VectorFilter... filters) {
        return new Or(List.of(filters));
    }

    static VectorFilter not(VectorFilter filter) {
        return new Not(filter);
    }

    /** Every entry. */
    static VectorFilter all() {
        return new And(List.of());
    }
}
