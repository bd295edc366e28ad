package forge.ai.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.monitoring.Metric.Point;
import forge.ai.api.monitoring.MetricsReader;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.testkit.otlp.CollectedSpan;
import forge.ai.runtime.testkit.otlp.OtlpCollector;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What monitoring hears of calls. */
@Timeout(60)
class MonitoredGrpcIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String METHOD = "inference.GRPCInferenceService/ModelInfer";
    private static final Map<String, Tensor> INPUTS = Map.of("x", Tensor.ofLongs(new long[] {2}, 3, 4));
    private static final ModelInferRequest QUICK = Messages.typed("quick", INPUTS);

    @TempDir
    private Path folder;

    private final SteeredEngine engine = new SteeredEngine();

    private static Metadata header(String name, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return headers;
    }

    private static long count(MetricsReader reader, String status, String error) {
        return reader.read().stream()
                .filter(metric -> metric.name().equals("rpc.server.call.duration"))
                .flatMap(metric -> metric.points().stream())
                .filter(point -> point.attributes().get("rpc.method").equals(METHOD)
                        && point.attributes().get("rpc.system.name").equals("grpc")
                        && point.attributes().get("rpc.response.status_code").equals(status)
                        && point.attributes().getOrDefault("error.type", "").equals(error))
                .mapToLong(MonitoredGrpcIT::count)
                .sum();
    }

    private static long count(Point point) {
        return point.distribution().orElseThrow().count();
    }

    @Test
    void callsAreCountedByTheirStatusAndGoOnWithTheTraceOfTheClient() throws Exception {
        try (OtlpCollector collector = new OtlpCollector();
                RunningGrpc server = new RunningGrpc(folder)) {
            server.register(InferenceService.class, engine);
            server.admin()
                    .getConfiguration("forge.ai.monitoring", "?")
                    .update(new Hashtable<>(
                            Map.of("otlp.endpoint", collector.uri().toString())));
            server.framework().start("forge.ai.lib.opentelemetry");
            server.framework().start("forge.ai.runtime.monitoring");
            MetricsReader reader = server.framework().await(MetricsReader.class, "", LIMIT);
            var client = server.client()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(
                            header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")));

            client.modelInfer(QUICK);
            assertThat(engine.begun.take().span().traceparent()).startsWith("00-" + TRACE + "-");
            engine.failure = new InvalidRequestException("wrong");
            assertThatThrownBy(() -> client.modelInfer(QUICK)).isInstanceOf(StatusRuntimeException.class);
            engine.failure = new UnavailableException("away");
            assertThatThrownBy(() -> client.modelInfer(QUICK)).isInstanceOf(StatusRuntimeException.class);
            engine.failure = null;
            engine.begun.clear();
            Future<?> held =
                    GRPCInferenceServiceGrpc.newFutureStub(server.connect()).modelInfer(Messages.typed("held", INPUTS));
            engine.begun.take();
            held.cancel(true);

            RunningGrpc.await("the answer", () -> count(reader, "OK", "") == 1);
            RunningGrpc.await("the refusal", () -> count(reader, "INVALID_ARGUMENT", "") == 1);
            RunningGrpc.await("the failure", () -> count(reader, "UNAVAILABLE", "UNAVAILABLE") == 1);
            RunningGrpc.await("the one given up", () -> count(reader, "CANCELLED", "") == 1);

            collector.await(s -> s.attribute("rpc.response.status_code").equals("UNAVAILABLE"), LIMIT);
            List<CollectedSpan> spans = collector.spans().stream()
                    .filter(s -> s.trace().equals(TRACE))
                    .toList();
            assertThat(spans).hasSize(3).allSatisfy(span -> {
                assertThat(span.name()).isEqualTo(METHOD);
                assertThat(span.parent()).isEqualTo("b7ad6b7169203331");
                assertThat(span.kind()).isEqualTo(2);
            });
            assertThat(spans).filteredOn(CollectedSpan::failed).hasSize(1);
        }
    }
}
