package forge.ai.runtime.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.monitoring.Distribution;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.Metric.Kind;
import forge.ai.api.monitoring.Metric.Point;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The text as the specifications of Prometheus and OpenMetrics have it. */
class MetricsTextTest {

    private static final List<Metric> METRICS = List.of(
            metric("forge.llm.tokens", "{token}", Kind.COUNTER, "Tokens", Map.of("gen_ai.request.model", "m"), 3),
            metric("jvm.memory.used", "By", Kind.UP_DOWN_COUNTER, "In \"use\"\nor \\ not", Map.of(), 1024),
            metric("load", "1", Kind.GAUGE, "", Map.of("a.b", "x", "a_b", "y\"\\\n"), Double.NaN),
            new Metric(
                    "http.server.request.duration",
                    "s",
                    "Requests",
                    Kind.HISTOGRAM,
                    List.of(new Point(
                            Map.of("http.route", "/v1"),
                            1.25,
                            Optional.of(new Distribution(4, 1.25, 0.01, 1, List.of(0.05, 0.5), List.of(1L, 2L, 1L)))))),
            new Metric("empty", "", "", Kind.GAUGE, List.of()));

    private static Metric metric(
            String name, String unit, Kind kind, String description, Map<String, String> attributes, double value) {
        return new Metric(name, unit, description, kind, List.of(new Point(attributes, value, Optional.empty())));
    }

    @Test
    void prometheus() {
        assertThat(new MetricsText(TextFormat.PROMETHEUS).of(METRICS)).isEqualTo("""
                        # HELP forge_llm_tokens_total Tokens
                        # TYPE forge_llm_tokens_total counter
                        forge_llm_tokens_total{gen_ai_request_model="m"} 3.0
                        # HELP jvm_memory_used_bytes In "use"\\nor \\\\ not
                        # TYPE jvm_memory_used_bytes gauge
                        jvm_memory_used_bytes 1024.0
                        # HELP load_ratio\s
                        # TYPE load_ratio gauge
                        load_ratio{a_b="x;y\\"\\\\\\n"} NaN
                        # HELP http_server_request_duration_seconds Requests
                        # TYPE http_server_request_duration_seconds histogram
                        http_server_request_duration_seconds_bucket{http_route="/v1",le="0.05"} 1
                        http_server_request_duration_seconds_bucket{http_route="/v1",le="0.5"} 3
                        http_server_request_duration_seconds_bucket{http_route="/v1",le="+Inf"} 4
                        http_server_request_duration_seconds_count{http_route="/v1"} 4
                        http_server_request_duration_seconds_sum{http_route="/v1"} 1.25
                        """);
    }

    @Test
    void openMetrics() {
        assertThat(new MetricsText(TextFormat.OPEN_METRICS).of(METRICS))
                .startsWith("""
                        # HELP forge_llm_tokens Tokens
                        # TYPE forge_llm_tokens counter
                        forge_llm_tokens_total{gen_ai_request_model="m"} 3.0
                        # HELP jvm_memory_used_bytes In \\"use\\"\\nor \\\\ not
                        # TYPE jvm_memory_used_bytes gauge
                        # UNIT jvm_memory_used_bytes bytes
                        jvm_memory_used_bytes 1024.0
                        """)
                .endsWith("_sum{http_route=\"/v1\"} 1.25\n# EOF\n");
    }

    @Test
    void unitsBecomeWords() {
        assertThat(family("a.size", "KiBy", Kind.GAUGE)).isEqualTo("a_size_kibibytes");
        assertThat(family("a.rate", "By/s", Kind.GAUGE)).isEqualTo("a_rate_bytes_per_second");
        assertThat(family("a.seconds", "s", Kind.GAUGE)).isEqualTo("a_seconds");
        assertThat(family("a", "{request}", Kind.GAUGE)).isEqualTo("a");
        assertThat(family("a", "1", Kind.COUNTER)).isEqualTo("a");
        assertThat(family("a.total", "{request}", Kind.COUNTER)).isEqualTo("a");
        assertThat(family("9-lives", "", Kind.GAUGE)).isEqualTo("_9_lives");
    }

    private static String family(String name, String unit, Kind kind) {
        return MetricNames.family(metric(name, unit, kind, "", Map.of(), 1));
    }

    @Test
    void whoeverAsksForOpenMetricsGetsThem() {
        assertThat(TextFormat.accepted("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"))
                .isEqualTo(TextFormat.OPEN_METRICS);
        assertThat(TextFormat.accepted("")).isEqualTo(TextFormat.PROMETHEUS);
        assertThat(TextFormat.accepted("*/*")).isEqualTo(TextFormat.PROMETHEUS);
    }
}
