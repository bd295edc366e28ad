package forge.ai.runtime.ledger;

import forge.ai.api.ErrorCode;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Entries for tests. */
final class Entries {

    private Entries() {}

    static UsageEntry entry(String key, String model, UsageEntry.Outcome outcome, long input, long output) {
        return entry(key, model, "route", outcome, input, output);
    }

    static UsageEntry entry(
            String key, String model, String route, UsageEntry.Outcome outcome, long input, long output) {
        boolean failed = outcome == UsageEntry.Outcome.FAILED || outcome == UsageEntry.Outcome.CUT;
        return new UsageEntry(
                0,
                Instant.EPOCH,
                key,
                "provider",
                model,
                route,
                UsageEntry.Operation.CHAT,
                true,
                2,
                outcome,
                failed ? Optional.of(ErrorCode.UNAVAILABLE) : Optional.empty(),
                new Usage(input, output, 3, 2, 1),
                outcome == UsageEntry.Outcome.CANCELLED,
                new BigDecimal("0.000123450000"),
                Duration.ofNanos(1_234_567_890),
                Optional.of(Duration.ofMillis(12)));
    }

    static UsageEntry completed(String key, long input, long output) {
        return entry(key, "m", UsageEntry.Outcome.COMPLETED, input, output);
    }
}
