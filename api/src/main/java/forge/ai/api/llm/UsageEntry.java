package forge.ai.api.llm;

import forge.ai.api.ErrorCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One attempt to get an answer, as the ledger has it.
 *
 * @param id grows from entry to entry, also over restarts; 0 until booked
 * @param at when it ended; set when it is booked
 * @param key the name of the caller's key, or {@code anonymous}
 * @param provider the provider's name
 * @param model the model's name at that provider
 * @param route the route, or empty where the model was addressed directly
 * @param operation what was asked for
 * @param stream whether the answer was to come piece by piece
 * @param attempt which attempt of its call, 1 or more
 * @param outcome how it ended
 * @param error what went wrong, of those that failed or were cut
 * @param usage the tokens
 * @param estimated whether the tokens are an estimate because the upstream did not say how many there were
 * @param cost of the tokens, in the currency of the prices; 0 where there is no price
 * @param latency from the beginning of the attempt to its end
 * @param firstToken from the beginning of the attempt to the first content, of streams that got so far
 */
public record UsageEntry(
        long id,
        Instant at,
        String key,
        String provider,
        String model,
        String route,
        Operation operation,
        boolean stream,
        int attempt,
        Outcome outcome,
        Optional<ErrorCode> error,
        Usage usage,
        boolean estimated,
        BigDecimal cost,
        Duration latency,
        Optional<Duration> firstToken) {

    /** What was asked for. */
    public enum Operation {
        CHAT,
        COMPLETION,
        EMBEDDING
    }

    /** How an attempt ended. */
    public enum Outcome {
        /** With the whole answer. */
        COMPLETED,
        /** With an error, before any content. */
        FAILED,
        /** The caller gave up. */
        CANCELLED,
        /** With an error, in the middle of the answer. */
        CUT,
        /** Answered without the upstream, from a cache. */
        CACHED
    }

    public UsageEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(error, "error");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(cost, "cost");
        Objects.requireNonNull(latency, "latency");
        Objects.requireNonNull(firstToken, "firstToken");
    }

    /** As it is entered in the ledger. */
    public UsageEntry booked(long newId, Instant when) {
        return new UsageEntry(
                newId,
                when,
                key,
                provider,
                model,
                route,
                operation,
                stream,
                attempt,
                outcome,
                error,
                usage,
                estimated,
                cost,
                latency,
                firstToken);
    }
}
