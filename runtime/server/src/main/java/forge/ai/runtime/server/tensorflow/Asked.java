package forge.ai.runtime.server.tensorflow;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.server.Exchange;
import java.util.Optional;

/**
 * Which model a path means, and what is to be done with it.
 *
 * @param model its name
 * @param version of it
 * @param verb what follows the colon, or empty
 */
record Asked(String model, VersionSelector version, String verb) {

    /** @throws NotFoundException if there is no verb that is known here */
    static Asked toPredict(Exchange exchange) {
        Optional<String> version = exchange.find("version");
        Optional<String> label = exchange.find("label");
        String last = version.or(() -> label).orElseGet(() -> exchange.variable("model"));
        int colon = last.lastIndexOf(':');
        String verb = colon < 0 ? "" : last.substring(colon + 1);
        if (!verb.equals("predict") && !verb.equals("classify") && !verb.equals("regress")) {
            throw new NotFoundException("expected :predict, :classify or :regress at the end of the path");
        }
        String before = last.substring(0, colon);
        boolean plain = version.isEmpty() && label.isEmpty();
        return new Asked(
                plain ? before : exchange.variable("model"),
                selector(version.map(v -> before), label.map(l -> before)),
                verb);
    }

    /** That of a path without a verb. */
    static Asked of(Exchange exchange) {
        return new Asked(exchange.variable("model"), selector(exchange.find("version"), exchange.find("label")), "");
    }

    private static VersionSelector selector(Optional<String> version, Optional<String> label) {
        if (label.isPresent()) {
            return VersionSelector.labelled(label.get());
        }
        if (version.isEmpty()) {
            return VersionSelector.DEFAULT;
        }
        if (!version.get().matches("[1-9]\\d{0,17}")) {
            throw new InvalidRequestException("a version is a number of 1 or more, not '" + version.get() + "'");
        }
        return VersionSelector.of(Long.parseLong(version.get()));
    }
}
