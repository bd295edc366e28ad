package forge.ai.runtime.support.openinference;

import forge.ai.api.ErrorDetails;
import forge.ai.api.UnsupportedException;
import java.util.Collection;

/** The parameters of a request to load a model. */
public final class LoadParameters {

    private LoadParameters() {}

    /**
     * Lets through what can be passed over.
     *
     * @throws UnsupportedException if one would change what is loaded: to go on without it would serve something else
     */
    public static void check(Collection<String> names) {
        for (String name : names) {
            if (name.equals("config") || name.startsWith("file:")) {
                throw new UnsupportedException(
                        "parameters." + name
                                + " is not supported: a model is loaded as it lies in the repository; change"
                                + " its config.json, or its files, and load it",
                        ErrorDetails.NONE.withParameter("parameters." + name));
            }
        }
    }
}
