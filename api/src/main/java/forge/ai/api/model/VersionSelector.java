package forge.ai.api.model;

import java.util.Objects;

/** Which version of a model is meant. */
public sealed interface VersionSelector {

    /** The version that serves when none is named: the label {@code stable} if there is one, else the highest ready. */
    VersionSelector DEFAULT = new Default();

    /** One version by its number. */
    static VersionSelector of(long number) {
        return new Number(number);
    }

    /** The version that carries a label. */
    static VersionSelector labelled(String label) {
        return new Label(label);
    }

    /** See {@link #DEFAULT}. */
    record Default() implements VersionSelector {
        @Override
        public String toString() {
            return "default version";
        }
    }

    /**
     * One version by its number.
     *
     * @param number 1 or more
     */
    record Number(long number) implements VersionSelector {
        @Override
        public String toString() {
            return "version " + number;
        }
    }

    /**
     * The version that carries a label.
     *
     * @param name such as {@code stable} or {@code canary}
     */
    record Label(String name) implements VersionSelector {
        public Label {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public String toString() {
            return "label " + name;
        }
    }
}
