package forge.ai.runtime.ledger;

import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageTotal;
import java.math.BigDecimal;

/** The sum of entries of one provider, model and key. Used under a lock. */
final class Sum {

    /** What entries of one sum have in common. */
    record Names(String provider, String model, String key) implements Comparable<Names> {

        static Names of(UsageEntry entry) {
            return new Names(entry.provider(), entry.model(), entry.key());
        }

        @Override
        public int compareTo(Names other) {
            int byProvider = provider.compareTo(other.provider);
            int byModel = byProvider != 0 ? byProvider : model.compareTo(other.model);
            return byModel != 0 ? byModel : key.compareTo(other.key);
        }
    }

    private long calls;
    private long failed;
    private long cancelled;
    private long cached;
    private long estimated;
    private long input;
    private long output;
    private long cachedInput;
    private long cacheWrite;
    private long reasoning;
    private BigDecimal cost = BigDecimal.ZERO;

    void add(UsageEntry entry) {
        calls++;
        switch (entry.outcome()) {
            case FAILED, CUT -> failed++;
            case CANCELLED -> cancelled++;
            case CACHED -> cached++;
            case COMPLETED -> {}
        }
        estimated += entry.estimated() ? 1 : 0;
        add(entry.usage(), entry.cost());
    }

    void add(UsageTotal total) {
        calls += total.calls();
        failed += total.failed();
        cancelled += total.cancelled();
        cached += total.cached();
        estimated += total.estimated();
        add(total.usage(), total.cost());
    }

    private void add(Usage usage, BigDecimal amount) {
        input += usage.inputTokens();
        output += usage.outputTokens();
        cachedInput += usage.cachedInputTokens();
        cacheWrite += usage.cacheWriteTokens();
        reasoning += usage.reasoningTokens();
        cost = cost.add(amount);
    }

    UsageTotal total(Names names) {
        return new UsageTotal(
                names.provider(),
                names.model(),
                names.key(),
                calls,
                failed,
                cancelled,
                cached,
                estimated,
                new Usage(input, output, cachedInput, cacheWrite, reasoning),
                cost);
    }
}
