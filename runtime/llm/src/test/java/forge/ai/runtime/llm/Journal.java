package forge.ai.runtime.llm;

import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageLedger;
import forge.ai.api.llm.UsageTotal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was booked, in order. */
final class Journal implements UsageLedger {

    final List<UsageEntry> entries = new CopyOnWriteArrayList<>();

    @Override
    public void book(UsageEntry entry) {
        entries.add(entry);
    }

    @Override
    public List<UsageEntry> entries(UsageFilter filter, int most) {
        return entries;
    }

    @Override
    public List<UsageTotal> totals(UsageFilter filter) {
        return List.of();
    }
}
