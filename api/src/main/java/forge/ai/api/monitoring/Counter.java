package forge.ai.api.monitoring;

import org.osgi.annotation.versioning.ProviderType;

/** A sum, for one set of attributes. */
@ProviderType
public interface Counter {

    /** @param value not negative, unless the counter is one that goes up and down */
    void add(double value);

    /**
     * The same sum for more attributes, to be kept where it is needed again.
     *
     * @param attributes names and values in turn; an empty value is left out
     */
    Counter with(String... attributes);
}
