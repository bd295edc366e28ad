package forge.ai.runtime.llm;

import forge.ai.api.llm.Caller;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.monitoring.Span;
import java.time.Duration;
import java.util.Optional;

/**
 * A call that somebody wants to be made.
 *
 * @param caller in whose name
 * @param operation what is asked for, of what the ledger knows; nothing is booked for the rest, which costs no tokens
 * @param plan where it can go
 * @param demand what it needs
 * @param timeout the longest that the caller wants to wait
 * @param span of which trace the call is a part
 */
record Order(
        Caller caller,
        Optional<UsageEntry.Operation> operation,
        RoutePlan plan,
        Demand demand,
        Optional<Duration> timeout,
        Span span) {

    Order withTimeout(Optional<Duration> value) {
        return new Order(caller, operation, plan, demand, value, span);
    }
}
