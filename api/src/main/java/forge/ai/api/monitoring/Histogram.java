package forge.ai.api.monitoring;

import java.util.concurrent.TimeUnit;
import org.osgi.annotation.versioning.ProviderType;

/** A distribution of values, for one set of attributes. */
@ProviderType
public interface Histogram {

    /** @param value 0 or more, in the unit of the histogram */
    void record(double value);

    /** Records a time in seconds, which is the unit of all times. */
    default void recordNanos(long nanos) {
        record(nanos / (double) TimeUnit.SECONDS.toNanos(1));
    }

    /**
     * The same distribution for more attributes, to be kept where it is needed again.
     *
     * @param attributes names and values in turn; an empty value is left out
     */
    Histogram with(String... attributes);
}
