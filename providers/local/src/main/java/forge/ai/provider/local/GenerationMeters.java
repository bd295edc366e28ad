package forge.ai.provider.local;

import forge.ai.api.ErrorCode;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.support.monitoring.Series;

/** What is measured of answers that are generated here, by OpenTelemetry's conventions for servers of generative AI. */
final class GenerationMeters {

    static final GenerationMeters NONE = new GenerationMeters(Telemetry.NONE);

    private static final double[] DURATIONS = {
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
    };
    private static final double[] FIRST = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
    };
    private static final double[] NEXT = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5
    };

    private record Ended(String model, String error) {}

    private final Series<Ended, Histogram> durations;
    private final Series<String, Histogram> first;
    private final Series<String, Histogram> next;

    GenerationMeters(Telemetry telemetry) {
        Histogram duration = telemetry.histogram(
                "gen_ai.server.request.duration",
                "s",
                "Answers generated here, from the request to the end",
                DURATIONS);
        durations = new Series<>(ended -> of(duration, ended.model()).with("error.type", ended.error()));
        Histogram toFirst = telemetry.histogram(
                "gen_ai.server.time_to_first_token", "s", "From the request to the first piece", FIRST);
        first = new Series<>(model -> of(toFirst, model));
        Histogram perToken = telemetry.histogram(
                "gen_ai.server.time_per_output_token",
                "s",
                "Of each answer, the mean time of tokens after the first",
                NEXT);
        next = new Series<>(model -> of(perToken, model));
    }

    private static Histogram of(Histogram histogram, String model) {
        return histogram.with("gen_ai.request.model", model);
    }

    /** The first piece is there. */
    void first(String model, long nanos) {
        first.of(model).recordNanos(nanos);
    }

    /** The answer is whole. */
    void ended(String model, long nanos, long afterFirst, long tokens) {
        durations.of(new Ended(model, "")).recordNanos(nanos);
        if (tokens > 1) {
            next.of(model).recordNanos(afterFirst / (tokens - 1));
        }
    }

    /** It is not. */
    void failed(String model, long nanos, ErrorCode code) {
        durations.of(new Ended(model, code.name())).recordNanos(nanos);
    }
}
