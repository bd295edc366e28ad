package forge.ai.runtime.llm;

import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageEntry.Operation;
import forge.ai.api.llm.UsageEntry.Outcome;
import forge.ai.api.monitoring.Counter;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Span;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.support.monitoring.Series;
import java.util.function.Function;

/** What is measured of calls, with the names and buckets of OpenTelemetry's conventions for generative AI. */
final class CallMeters {

    static final CallMeters NONE = new CallMeters(Telemetry.NONE);

    private static final double[] SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
    };
    private static final double[] FIRST = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60
    };
    private static final double[] CHUNKS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5
    };
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864
    };

    private record Asked(Operation operation, String provider, String model) {}

    private record Ended(Asked asked, String error) {}

    private record Paid(String provider, String model, String key) {}

    private record Called(String operation, String name, String error) {}

    /** What is measured of attempts at one model. */
    private record Measured(Histogram first, Histogram chunk, Histogram input, Histogram output) {}

    /** What one key has used of one model. */
    private record Bill(Counter input, Counter output, Counter cost) {}

    private final Telemetry telemetry;
    private final Series<Ended, Histogram> durations;
    private final Series<Asked, Measured> targets;
    private final Series<Paid, Bill> bills;
    private final Series<Called, Histogram> calls;
    private final Series<Asked, Counter> hits;

    CallMeters(Telemetry telemetry) {
        this.telemetry = telemetry;
        Histogram duration = telemetry.histogram(
                "gen_ai.client.operation.duration", "s", "Attempts at a model, from the request to the end", SECONDS);
        durations = new Series<>(ended -> of(duration, ended.asked()).with(SpanWords.ERROR, ended.error()));
        targets = new Series<>(targets(telemetry));
        bills = new Series<>(bills(telemetry));
        Histogram call = telemetry.histogram(
                "forge.llm.call.duration", "s", "Calls, with all their attempts and the time between them", SECONDS);
        calls = new Series<>(called -> call.with(
                SpanWords.OPERATION, called.operation(),
                SpanWords.MODEL, called.name(),
                SpanWords.ERROR, called.error()));
        Counter cached = telemetry.counter("forge.llm.cache.hits", "{call}", "Calls answered from the cache");
        hits = new Series<>(asked -> cached.with(
                SpanWords.OPERATION, SpanWords.of(asked.operation()),
                SpanWords.PROVIDER, asked.provider(),
                SpanWords.MODEL, asked.model()));
    }

    private static Function<Asked, Measured> targets(Telemetry telemetry) {
        Histogram first = telemetry.histogram(
                "gen_ai.client.operation.time_to_first_chunk",
                "s",
                "Streams, from the request to the first content",
                FIRST);
        Histogram chunk = telemetry.histogram(
                "gen_ai.client.operation.time_per_output_chunk",
                "s",
                "Streams, from one piece of content to the next",
                CHUNKS);
        Histogram tokens =
                telemetry.histogram("gen_ai.client.token.usage", "{token}", "Tokens of each attempt", TOKENS);
        return asked -> new Measured(
                of(first, asked),
                of(chunk, asked),
                of(tokens, asked).with(SpanWords.TOKEN_TYPE, "input"),
                of(tokens, asked).with(SpanWords.TOKEN_TYPE, "output"));
    }

    private static Function<Paid, Bill> bills(Telemetry telemetry) {
        Counter tokens = telemetry.counter("forge.llm.tokens", "{token}", "Tokens by who has used them");
        Counter cost =
                telemetry.counter("forge.llm.cost", "{currency}", "What tokens cost, in the currency of the prices");
        return paid -> {
            String[] who = {
                SpanWords.PROVIDER, paid.provider(), SpanWords.MODEL, paid.model(), SpanWords.KEY, paid.key()
            };
            Counter all = tokens.with(who);
            return new Bill(
                    all.with(SpanWords.TOKEN_TYPE, "input"), all.with(SpanWords.TOKEN_TYPE, "output"), cost.with(who));
        };
    }

    private static Histogram of(Histogram histogram, Asked asked) {
        return histogram.with(
                SpanWords.OPERATION, SpanWords.of(asked.operation()),
                SpanWords.PROVIDER, asked.provider(),
                SpanWords.MODEL, asked.model());
    }

    /** The first span of a call that came without one. */
    Span span(String name, Span parent) {
        return parent.recording()
                ? parent.child(name, Span.Kind.INTERNAL)
                : telemetry.span(name, Span.Kind.INTERNAL, parent);
    }

    /** An attempt is over. */
    void attempt(UsageEntry entry) {
        Asked asked = new Asked(entry.operation(), entry.provider(), entry.model());
        if (entry.outcome() == Outcome.CACHED) {
            hits.of(asked).add(1);
            return;
        }
        String error = entry.outcome() == Outcome.CANCELLED
                ? Outcome.CANCELLED.name()
                : entry.error().map(Enum::name).orElse("");
        durations.of(new Ended(asked, error)).recordNanos(entry.latency().toNanos());
        Measured target = targets.of(asked);
        target.input().record(entry.usage().inputTokens());
        target.output().record(entry.usage().outputTokens());
        entry.firstToken().ifPresent(time -> target.first().recordNanos(time.toNanos()));
        Bill bill = bills.of(new Paid(entry.provider(), entry.model(), entry.key()));
        bill.input().add(entry.usage().inputTokens());
        bill.output().add(entry.usage().outputTokens());
        bill.cost().add(entry.cost().doubleValue());
    }

    /** Where the gaps between pieces of content are recorded. */
    Histogram chunks(Operation operation, Target target) {
        return targets.of(new Asked(operation, target.provider(), target.model()))
                .chunk();
    }

    /**
     * A call is over.
     *
     * @param name what the caller asked for
     * @param error what it ended with, or empty
     */
    void call(Operation operation, String name, String error, long nanos) {
        calls.of(new Called(SpanWords.of(operation), name, error)).recordNanos(nanos);
    }
}
