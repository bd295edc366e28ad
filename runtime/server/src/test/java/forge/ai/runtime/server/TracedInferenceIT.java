package forge.ai.runtime.server;

import static forge.ai.runtime.server.Monitored.with;
import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.runtime.testkit.otlp.CollectedSpan;
import forge.ai.runtime.testkit.otlp.OtlpCollector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests to models: queue, batch and computation in traces, and what is counted of them. */
@Timeout(120)
class TracedInferenceIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int REQUESTS = 64;

    @TempDir
    private static Path folder;

    private static CompletableFuture<HttpResponse<String>> infer(RunningServer server) {
        return server.http.sendAsync(
                HttpRequest.newBuilder(server.address().resolve("/v2/models/iris/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString("""
                                {"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],"data":[5.1,3.5,1.4,0.2]}]}"""))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aComputationLinksTheRequestsInIt() throws Exception {
        try (OtlpCollector collector = new OtlpCollector();
                ModelServer models = ModelServer.start(folder, Map.of("iris", "iris_mlp.onnx"))) {
            Files.writeString(
                    folder.resolve("models/iris/config.json"),
                    "{\"batching\": {\"enabled\": true, \"maxSize\": 64, \"maxDelayMicros\": 20000}}");
            models.registry().load("iris");
            Monitored monitored = Monitored.start(models.server(), collector);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                answers.add(infer(models.server()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(200);
            }
            assertThat(monitored.sum(
                            "forge.inference.requests",
                            with("forge.model.name", "iris").and(with("forge.outcome", "success"))))
                    .isEqualTo(REQUESTS);
            assertThat(monitored.sum("forge.inference.rows", with("forge.model.name", "iris")))
                    .isEqualTo(REQUESTS);

            Predicate<CollectedSpan> computation = s -> s.name().equals("compute");
            List<CollectedSpan> trace = collector.await(computation, LIMIT);
            CollectedSpan compute =
                    trace.stream().filter(computation).findFirst().orElseThrow();
            assertThat(compute.attributes()).containsEntry("forge.backend.name", "onnx");
            CollectedSpan batch = parent(trace, compute);
            assertThat(batch.name()).isEqualTo("batch");
            CollectedSpan infer = parent(trace, batch);
            assertThat(infer.name()).isEqualTo("infer iris");
            assertThat(infer.attributes()).containsEntry("forge.model.version", "1");
            assertThat(parent(trace, infer).name()).isEqualTo("POST /v2/models/{model}/infer");
            assertThat(trace).extracting(CollectedSpan::name).contains("queue");

            collector.await(s -> s.kind() == 2, LIMIT);
            await(() -> collector.spans().stream().filter(s -> s.kind() == 2).count() == REQUESTS);
            List<CollectedSpan> batches = collector.spans().stream()
                    .filter(s -> s.name().equals("batch"))
                    .toList();
            List<String> requests = collector.spans().stream()
                    .filter(s -> s.name().equals("infer iris"))
                    .map(CollectedSpan::id)
                    .toList();
            // Each request is in one batch, and the batches say so.
            assertThat(batches.stream().flatMap(b -> b.links().stream())).containsExactlyInAnyOrderElementsOf(requests);
            assertThat(batches)
                    .allSatisfy(b -> assertThat(b.attributes())
                            .containsEntry(
                                    "forge.batch.requests",
                                    Integer.toString(b.links().size())));
        }
    }

    private static CollectedSpan parent(List<CollectedSpan> trace, CollectedSpan span) {
        return trace.stream()
                .filter(s -> s.id().equals(span.parent()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no parent of " + span + " in " + trace));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(10);
        }
    }
}
