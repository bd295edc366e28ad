package forge.ai.api.monitoring;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Everything that is measured, as it stands now. */
@ProviderType
public interface MetricsReader {

    /** All metrics that have a value, by name. Counters and distributions are those since monitoring was started. */
    List<Metric> read();
}
