package forge.ai.runtime.server.openinference;

import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.server.Exchange;
import java.util.Optional;

/** Which version a path means: a number, a label, or none for the default one. */
final class Versions {

    private Versions() {}

    static VersionSelector of(Exchange exchange) {
        return exchange.find("version").map(Versions::named).orElse(VersionSelector.DEFAULT);
    }

    private static VersionSelector named(String text) {
        return number(text).map(VersionSelector::of).orElseGet(() -> VersionSelector.labelled(text));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
