package forge.ai.runtime.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.monitoring.Counter;
import forge.ai.api.monitoring.Distribution;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.Metric.Kind;
import forge.ai.api.monitoring.Metric.Point;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = new Metrics(Origin.resource("1"));

    @AfterEach
    void close() {
        metrics.close();
    }

    private Metric metric(String name) {
        return metrics.read().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double value(Metric metric, Map<String, String> attributes) {
        return metric.points().stream()
                .filter(p -> p.attributes().equals(attributes))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void countersKeepEachSetOfAttributesApart() {
        Counter all = metrics.counter("calls", "{call}", "Calls");
        all.with("model", "a").add(2);
        all.with("model", "a", "error", "").add(3);
        all.with("model", "b").with("error", "TIMEOUT").add(1);
        Metric calls = metric("calls");
        assertThat(calls.kind()).isEqualTo(Kind.COUNTER);
        assertThat(calls.unit()).isEqualTo("{call}");
        assertThat(calls.points()).hasSize(2);
        assertThat(value(calls, Map.of("model", "a"))).isEqualTo(5);
        assertThat(value(calls, Map.of("model", "b", "error", "TIMEOUT"))).isEqualTo(1);
    }

    @Test
    void theSameInstrumentAskedForTwiceIsOne() {
        metrics.counter("calls", "{call}", "Calls").add(1);
        metrics.counter("calls", "{call}", "Calls").add(1);
        assertThat(value(metric("calls"), Map.of())).isEqualTo(2);
    }

    @Test
    void whatGoesUpAndDownDoes() {
        Counter open = metrics.upDownCounter("open", "{call}", "Open");
        open.add(3);
        open.add(-2);
        assertThat(metric("open").kind()).isEqualTo(Kind.UP_DOWN_COUNTER);
        assertThat(value(metric("open"), Map.of())).isEqualTo(1);
    }

    @Test
    void nothingIsLostAmongManyThreads() {
        Counter counter = metrics.counter("many", "1", "").with("a", "b");
        Histogram histogram = metrics.histogram("times", "s", "").with("a", "b");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                threads.submit(() -> {
                    for (int j = 0; j < 1000; j++) {
                        counter.add(1);
                        histogram.recordNanos(2_000_000);
                    }
                });
            }
        }
        assertThat(value(metric("many"), Map.of("a", "b"))).isEqualTo(64_000);
        Distribution times = metric("times").points().getFirst().distribution().orElseThrow();
        assertThat(times.count()).isEqualTo(64_000);
        assertThat(times.sum()).isCloseTo(128, within(1e-6));
        assertThat(times.max()).isEqualTo(0.002);
    }

    @Test
    void percentilesAreInTheUnitOfTheValues() {
        Histogram histogram = metrics.histogram("times", "s", "", 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1);
        for (int i = 1; i <= 1000; i++) {
            histogram.recordNanos(i * 1_000_000L);
        }
        Distribution times = metric("times").points().getFirst().distribution().orElseThrow();
        assertThat(times.quantile(0.5)).isCloseTo(0.5, within(0.001));
        assertThat(times.quantile(0.95)).isCloseTo(0.95, within(0.001));
        assertThat(times.quantile(0.99)).isCloseTo(0.99, within(0.001));
        assertThat(times.quantile(0)).isEqualTo(0.001);
        assertThat(times.quantile(1)).isEqualTo(1.0);
        assertThat(new Distribution(0, 0, 0, 0, List.of(), List.of(0L)).quantile(0.5))
                .isNaN();
    }

    @Test
    void aPercentileIsNeverOutOfWhatWasSeen() {
        Histogram histogram = metrics.histogram("one", "s", "");
        histogram.record(3);
        Distribution one = metric("one").points().getFirst().distribution().orElseThrow();
        assertThat(one.quantile(0.5)).isEqualTo(3);
        assertThat(one.quantile(0.99)).isEqualTo(3);
    }

    @Test
    void whatIsObservedIsLookedAtOnlyWhenRead() {
        AtomicInteger looked = new AtomicInteger();
        var observed = metrics.observe(Kind.GAUGE, "depth", "1", "", now -> {
            looked.incrementAndGet();
            now.is(7, "queue", "a");
        });
        assertThat(looked).hasValue(0);
        assertThat(value(metric("depth"), Map.of("queue", "a"))).isEqualTo(7);
        assertThat(looked).hasValue(1);
        observed.close();
        assertThat(metrics.read()).extracting(Metric::name).doesNotContain("depth");
    }

    @Test
    void oneThatCannotBeObservedDoesNotKeepTheOthers() {
        metrics.observe(Kind.GAUGE, "bad", "1", "", now -> {
            throw new IllegalStateException("gone");
        });
        metrics.counter("good", "1", "").add(1);
        assertThat(value(metric("good"), Map.of())).isEqualTo(1);
    }

    @Test
    void attributesWithoutBoundCountAsOneBeyondTheLimit() {
        Counter counter = metrics.counter("names", "1", "");
        for (int i = 0; i < 5 * Metrics.SERIES; i++) {
            counter.with("name", "n" + i).add(1);
        }
        Metric names = metric("names");
        assertThat(names.points()).hasSizeLessThanOrEqualTo(Metrics.SERIES);
        assertThat(names.points().stream().mapToDouble(Point::value).sum()).isEqualTo(5 * Metrics.SERIES);
        assertThat(value(names, Map.of("otel.metric.overflow", "true"))).isGreaterThan(3 * Metrics.SERIES);
    }

    @Test
    void aNameWithoutAValueIsRefused() {
        Counter counter = metrics.counter("c", "1", "");
        assertThatThrownBy(() -> counter.with("name"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
    }
}
