package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Counter;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.testkit.Configs;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;

/** How much CPU of the calling thread it takes to measure: the median of several rounds, in nanoseconds. */
final class RecordingBenchmark {

    private static final int ROUNDS = 15;
    private static final int CALLS = 200_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private RecordingBenchmark() {}

    public static void main(String[] arguments) {
        try (Metrics metrics = new Metrics(Origin.resource("1"))) {
            Counter counter = metrics.counter("counter", "1", "").with("a", "b", "c", "d");
            Histogram histogram = metrics.histogram("histogram", "s", "").with("a", "b", "c", "d", "e", "f");
            measure("a counter", i -> counter.add(1));
            measure("a histogram", i -> histogram.recordNanos(1_000_000L + i));
        }
        for (double ratio : new double[] {1, 0.1, 0}) {
            Settings settings = Settings.of(Configs.of(
                    OpenTelemetryService.Config.class,
                    Map.of("otlp_endpoint", "http://127.0.0.1:9", "traces_ratio", ratio)));
            try (ExportedTraces traces = new ExportedTraces(settings, Origin.resource("1"))) {
                measure(
                        "a span, of which " + ratio + " are recorded",
                        i -> traces.span("span", Span.Kind.SERVER, Span.NONE)
                                .set("a", "b")
                                .set("c", i)
                                .end());
            }
        }
    }

    private interface Action {
        void run(int number);
    }

    private static void measure(String what, Action action) {
        double[] nanos = new double[ROUNDS];
        for (int round = -5; round < ROUNDS; round++) {
            long began = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < CALLS; i++) {
                action.run(i);
            }
            double used = (THREADS.getCurrentThreadCpuTime() - began) / (double) CALLS;
            if (round >= 0) {
                nanos[round] = used;
            }
        }
        Arrays.sort(nanos);
        System.out.printf("%s: %.0f ns (%.0f to %.0f)%n", what, nanos[ROUNDS / 2], nanos[0], nanos[ROUNDS - 1]);
    }
}
