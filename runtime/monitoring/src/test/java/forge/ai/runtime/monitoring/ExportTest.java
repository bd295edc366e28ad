package forge.ai.runtime.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.monitoring.Span;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.otlp.CollectedSpan;
import forge.ai.runtime.testkit.otlp.OtlpCollector;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExportTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final OtlpCollector collector = new OtlpCollector();
    private final Metrics metrics = new Metrics(Origin.resource("1"));

    ExportTest() throws Exception {}

    @AfterEach
    void close() {
        metrics.close();
        collector.close();
    }

    private Settings settings(Object... more) {
        Map<String, Object> values = new HashMap<>(Map.of(
                "otlp_endpoint",
                collector.uri().toString(),
                "otlp_headers",
                new String[] {"Authorization: Bearer x"},
                "traces_ratio",
                1.0));
        for (int i = 0; i < more.length; i += 2) {
            values.put((String) more[i], more[i + 1]);
        }
        return Settings.of(Configs.of(OpenTelemetryService.Config.class, values));
    }

    private Exports exports(Settings settings) {
        return new Exports(metrics, Origin.resource("1"), settings);
    }

    @Test
    void aSpanComesWithAllThatWasSaidOfIt() throws Exception {
        try (Exports exports = exports(settings())) {
            Span root = exports.traces().span("root", Span.Kind.SERVER, Span.remote(PARENT, "vendor=1,other=2"));
            Span child = root.child("child", Span.Kind.CLIENT)
                    .set("text", "value")
                    .set("empty", "")
                    .set("number", 42)
                    .set("real", 0.5)
                    .set("list", List.of("a", "b"))
                    .link(root)
                    .failed("TIMEOUT", "late");
            assertThat(child.traceparent()).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
            assertThat(child.tracestate()).isEqualTo("vendor=1,other=2");
            child.end();
            root.end();
        }
        List<CollectedSpan> spans = collector.await(s -> s.name().equals("root"), LIMIT);
        CollectedSpan root =
                spans.stream().filter(s -> s.name().equals("root")).findFirst().orElseThrow();
        CollectedSpan child =
                spans.stream().filter(s -> s.name().equals("child")).findFirst().orElseThrow();
        assertThat(root.trace()).isEqualTo(TRACE);
        assertThat(root.parent()).isEqualTo("b7ad6b7169203331");
        assertThat(root.kind()).isEqualTo(2);
        assertThat(root.failed()).isFalse();
        assertThat(child.parent()).isEqualTo(root.id());
        assertThat(child.kind()).isEqualTo(3);
        assertThat(child.attributes())
                .isEqualTo(Map.of(
                        "text", "value", "number", "42", "real", "0.5", "list", "[a, b]", "error.type", "TIMEOUT"));
        assertThat(child.links()).containsExactly(root.id());
        assertThat(child.failed()).isTrue();
        assertThat(child.start()).isBetween(root.start(), root.end());
        assertThat(collector.authorizations()).contains("Bearer x");
    }

    @Test
    void whatHasBegunBeforeIsToldAfterwards() throws Exception {
        long begun = System.nanoTime();
        try (Exports exports = exports(settings())) {
            Span root = exports.traces().span("root", Span.Kind.INTERNAL, Span.NONE);
            root.child("before", Span.Kind.INTERNAL, begun - 1_000_000).end(begun);
            root.end();
        }
        List<CollectedSpan> spans = collector.await(s -> s.name().equals("root"), LIMIT);
        CollectedSpan before = spans.stream()
                .filter(s -> s.name().equals("before"))
                .findFirst()
                .orElseThrow();
        assertThat(before.end() - before.start()).isEqualTo(1_000_000);
    }

    @Test
    void nothingIsMadeOrSentWithoutACollector() {
        try (Exports exports = exports(settings("otlp_endpoint", ""))) {
            assertThat(exports.traces().span("root", Span.Kind.SERVER, Span.NONE))
                    .isSameAs(Span.NONE);
            Span remote = Span.remote(PARENT, "a=b");
            Span passed = exports.traces().span("root", Span.Kind.SERVER, remote);
            assertThat(passed.recording()).isFalse();
            assertThat(passed.child("x", Span.Kind.CLIENT).traceparent()).isEqualTo(PARENT);
        }
        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void ofTheTracesBegunHereAShareIsRecorded() {
        try (Exports exports = exports(settings("traces_ratio", 0.1))) {
            long recorded = IntStream.range(0, 10_000)
                    .filter(i -> exports.traces()
                            .span("own", Span.Kind.SERVER, Span.NONE)
                            .recording())
                    .count();
            // Ten standard deviations.
            assertThat(recorded).isBetween(700L, 1300L);
        }
    }

    @Test
    void theClientDecidesWhetherItsTraceIsRecorded() {
        try (Exports exports = exports(settings("traces_ratio", 0.0))) {
            assertThat(exports.traces().span("own", Span.Kind.SERVER, Span.NONE).recording())
                    .isFalse();
            assertThat(exports.traces()
                            .span("theirs", Span.Kind.SERVER, Span.remote(PARENT, ""))
                            .recording())
                    .isTrue();
        }
        try (Exports exports = exports(settings())) {
            Span unwanted =
                    exports.traces().span("theirs", Span.Kind.SERVER, Span.remote(PARENT.replaceAll("01$", "00"), ""));
            assertThat(unwanted.recording()).isFalse();
            assertThat(unwanted.traceparent()).startsWith("00-" + TRACE).endsWith("-00");
        }
    }

    @Test
    void namesThatAreNoneAreNoParents() {
        for (String wrong : List.of(
                "",
                "00-x",
                PARENT + "0",
                "ff" + PARENT.substring(2),
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-" + TRACE + "-0000000000000000-01",
                PARENT.replace('b', 'B'))) {
            assertThat(Span.remote(wrong, "a=b")).as(wrong).isSameAs(Span.NONE);
        }
    }

    @Test
    void metricsComeAgainAndAgainAndOnceMoreAtTheEnd() throws Exception {
        metrics.counter("calls", "{call}", "Calls").with("a", "b").add(2);
        metrics.histogram("times", "s", "Times").record(1);
        Exports exports = exports(settings("otlp_intervalMillis", 100));
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!collector.metrics().containsKey("times")) {
            assertThat(System.nanoTime()).as("metrics within %s", LIMIT).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
        exports.set(settings("otlp_intervalMillis", 3_600_000));
        metrics.counter("calls", "{call}", "Calls").with("a", "c").add(40);
        exports.close();
        assertThat(collector.metrics()).containsEntry("calls", 42.0).containsEntry("times", 1.0);
    }

    @Test
    void aCollectorThatHangsHoldsNobodyUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedUpstream hanging = new ScriptedUpstream()) {
            hanging.script(exchange -> over.await());
            Exports exports = exports(settings("otlp_endpoint", hanging.uri().toString(), "traces_queue", 64));
            long begun = System.nanoTime();
            for (int i = 0; i < 20_000; i++) {
                exports.traces().span("s" + i, Span.Kind.SERVER, Span.NONE).end();
            }
            // Ten seconds are the limit of one export: had anybody waited for one, it would be more.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));
            exports.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
        } finally {
            over.countDown();
        }
    }

    @Test
    void spansGoWhereTheSettingsSayNow() throws Exception {
        try (OtlpCollector other = new OtlpCollector();
                Exports exports = exports(settings())) {
            exports.traces().span("first", Span.Kind.SERVER, Span.NONE).end();
            Span across = exports.traces().span("across", Span.Kind.SERVER, Span.NONE);
            exports.set(settings("otlp_endpoint", other.uri().toString()));
            across.end();
            exports.traces().span("second", Span.Kind.SERVER, Span.NONE).end();
            other.await(s -> s.name().equals("second"), LIMIT);
            assertThat(collector.spans()).extracting(CollectedSpan::name).containsExactly("first");
            assertThat(other.spans()).extracting(CollectedSpan::name).containsExactly("second");
        }
    }

    @Test
    void wrongSettingsAreRefusedAndKeepNoSecrets() {
        assertThatThrownBy(() -> settings("otlp_endpoint", "collector:4318"))
                .hasMessage("forge.ai.monitoring: otlp.endpoint = collector:4318 is refused; allowed: nothing, or an"
                        + " address as in http://127.0.0.1:4318");
        assertThatThrownBy(() -> settings("traces_ratio", 1.5)).hasMessageContaining("traces.ratio = 1.5");
        assertThatThrownBy(() -> settings("traces_ratio", Double.NaN)).hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> settings("traces_queue", 1)).hasMessageContaining("16 to 1000000");
        assertThatThrownBy(() -> settings("otlp_intervalMillis", 1)).hasMessageContaining("otlp.intervalMillis = 1");
        assertThatThrownBy(() -> settings("otlp_headers", new String[] {"Bearer secret"}))
                .hasMessageNotContaining("secret");
        assertThat(settings().toString()).doesNotContain("Bearer");
    }
}
