package forge.ai.backend.pytorch;

import java.util.ArrayList;
import java.util.List;

/** What a pickle holds, as far as it is of interest: names, texts, numbers, and what is made of others. */
sealed interface PickleValue {

    /** A class or function by its name, such as {@code __torch__.Net}. */
    record Global(String module, String name) implements PickleValue {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    record Text(String value) implements PickleValue {}

    record Number(long value) implements PickleValue {}

    /** A truth value, a fraction, nothing, or where a group begins. */
    enum Atom implements PickleValue {
        OTHER,
        MARK
    }

    /** What holds others, in the order in which they were put in; a dictionary's keys and values take turns. */
    final class Group implements PickleValue {

        private final List<PickleValue> parts = new ArrayList<>();

        List<PickleValue> parts() {
            return parts;
        }

        void add(PickleValue part) {
            parts.add(part);
        }

        void addAll(List<PickleValue> more) {
            parts.addAll(more);
        }
    }
}
