package forge.ai.api.llm;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What every attempt took, kept over restarts. Entries are kept for a time that is configured, their sums for longer.
 */
@ProviderType
public interface UsageLedger {

    /**
     * Enters an attempt; when this returns, it outlives the process. Each attempt is booked once, when it has ended and
     * before the last piece of its answer is handed over.
     *
     * @param entry its {@code id} and {@code at} are set here
     */
    void book(UsageEntry entry);

    /**
     * The newest entries that are still kept, newest first.
     *
     * @param most how many, 1 to 10000
     */
    List<UsageEntry> entries(UsageFilter filter, int most);

    /**
     * Sums by provider, model and key, in this order. Where the entries themselves are no longer kept, whole days (UTC)
     * that the range touches are counted.
     */
    List<UsageTotal> totals(UsageFilter filter);
}
