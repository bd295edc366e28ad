package forge.ai.runtime.server;

import forge.ai.api.llm.WireOnly;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notes what of a request has no form here, which is no fault as long as it can be sent on as it came. */
public final class Unheld {

    private @Nullable WireOnly first;

    /**
     * @param name of the field that is not held
     * @param reason for the caller, should nobody hold it
     */
    public void add(Fields at, String name, String reason) {
        if (first == null) {
            first = new WireOnly(at.at(name), reason);
        }
    }

    /** The first that was noted. */
    public Optional<WireOnly> first() {
        return Optional.ofNullable(first);
    }
}
