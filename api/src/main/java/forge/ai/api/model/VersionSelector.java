package forge.ai.api.model;

import java.util.Objects;

/** Which version of a model is meant. */
public sealed interface VersionSelector {

    /**
     * The version that serves when none is named: for requests one of those among which the model's traffic is split,
     * and without a split the one labelled {@code stable} or, if there is none, the highest ready.
     */
    VersionSelector DEFAULT = new Default();

    /** One version by its number. */
    static VersionSelector of(long number) {
        return new Number(number);
    }

    /** The version that carries a label. */
    static VersionSelector labelled(String label) {
        return new Label(label);
    }

    /** What a text means: a number, a label, or, if it is empty, the default version. */
    static VersionSelector parse(String text) {
        if (text.isEmpty()) {
            return DEFAULT;
        }
        try {
            return new Number(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return new Label(text);
        }
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
