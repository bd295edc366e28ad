package forge.ai.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.Cancellation;
import forge.ai.api.InternalException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import forge.ai.runtime.grpc.protocol.ModelInferResponse;
import forge.ai.runtime.grpc.protocol.ModelStatistics;
import forge.ai.runtime.grpc.protocol.ModelStatisticsRequest;
import forge.ai.runtime.support.json.Json;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see of models that give NaN, throw or hang, over REST and over gRPC, and of what was computed. */
@Timeout(120)
class FaultyModelIT {

    private static final String INPUT =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]%s}";

    @TempDir
    private static Path folder;

    private static RunningBoth both;
    private static GRPCInferenceServiceBlockingStub client;

    /** Does what its model is named for. */
    private record Faulty(String name) implements LoadedModel {

        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    List.of(new TensorSpec("x", DataType.FP32, -1)),
                    List.of(new TensorSpec("y", DataType.FP32, -1)),
                    true,
                    Map.of());
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
            int rows = inputs.get("x").elements();
            switch (name) {
                case "throws" -> throw new IllegalStateException("a secret of the plug-in");
                case "fails" -> throw new InternalException("the network has an operator that failed");
                case "hangs" -> {
                    while (true) {
                        cancellation.check();
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    }
                }
                default -> {
                    float[] values = new float[rows];
                    java.util.Arrays.fill(values, Float.NaN);
                    return Map.of("y", Tensor.ofFloats(new long[] {rows}, values));
                }
            }
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    @BeforeAll
    static void start() throws Exception {
        byte[] any = {1};
        both = RunningBoth.start(
                folder,
                Map.of(
                        "nan/model.faulty", any,
                        "throws/model.faulty", any,
                        "fails/model.faulty", any,
                        "hangs/model.faulty", any));
        both.backend("faulty", "model.faulty", source -> new Faulty(source.name()));
        for (String model : List.of("nan", "throws", "fails", "hangs")) {
            both.registry().load(model);
        }
        client = both.server().client();
    }

    @AfterAll
    static void stop() throws Exception {
        both.close();
    }

    private static HttpResponse<String> rest(String model, String more) throws Exception {
        return both.rest()
                .http()
                .send(
                        HttpRequest.newBuilder(both.rest().address().resolve("/v2/models/" + model + "/infer"))
                                .POST(HttpRequest.BodyPublishers.ofString(INPUT.formatted(more)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static ModelInferResponse grpc(String model, Duration deadline) {
        return client.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .modelInfer(Messages.raw(model, Map.of("x", Tensor.ofFloats(new long[] {1}, 1))));
    }

    private static void failed(String model, Duration deadline, Status.Code code, String told) {
        assertThatThrownBy(() -> grpc(model, deadline)).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).contains(told).doesNotContain("secret");
        });
    }

    @Test
    void whatIsNoNumberArrivesAsThat() throws Exception {
        HttpResponse<String> answer = rest("nan", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.read(answer.body()).at("/outputs/0/data/0").textValue()).isEqualTo("NaN");
        assertThat(Messages.outputs(grpc("nan", Duration.ofSeconds(30)))
                        .get("y")
                        .toFloats())
                .containsExactly(Float.NaN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "fails"})
    void aModelThatFailsIsAnErrorOfTheServerAndTellsNothingOfThePlugIn(String model) throws Exception {
        String told = model.equals("fails") ? "operator that failed" : "";
        HttpResponse<String> answer = rest(model, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        assertThat(Json.read(answer.body()).path("error").textValue())
                .contains(told)
                .doesNotContain("secret");
        failed(model, Duration.ofSeconds(30), Status.Code.INTERNAL, told);
        assertThat(rest("nan", "").statusCode()).isEqualTo(200);
    }

    @Test
    void aModelThatHangsIsLeftAtTheLimitAndOthersGoOn() throws Exception {
        HttpResponse<String> answer = rest("hangs", ",\"parameters\":{\"timeout\":100000}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
        assertThat(Json.read(answer.body()).path("error").textValue()).contains("100 ms");
        failed("hangs", Duration.ofMillis(200), Status.Code.DEADLINE_EXCEEDED, "");
        for (int call = 0; call < 20; call++) {
            assertThat(rest("hangs", ",\"parameters\":{\"timeout\":5000}").statusCode())
                    .isEqualTo(504);
        }
        assertThat(rest("nan", "").statusCode()).isEqualTo(200);
        assertThat(grpc("nan", Duration.ofSeconds(30)).getOutputsCount()).isEqualTo(1);
    }

    @Test
    void statisticsCountWhatWasAnsweredAndWhatFailedAlikeOverBoth() throws Exception {
        ModelStatistics before = statistics("fails");
        long computed = statistics("nan").getInferenceCount();
        rest("fails", "");
        failed("fails", Duration.ofSeconds(30), Status.Code.INTERNAL, "");
        rest("nan", "");
        assertThat(statistics("fails").getInferenceStats().getFail().getCount())
                .isEqualTo(before.getInferenceStats().getFail().getCount() + 2);
        ModelStatistics nan = statistics("nan");
        assertThat(nan.getInferenceCount()).isGreaterThan(computed);
        assertThat(nan.getLastInference()).isPositive();
        assertThat(nan.getBatchStatsList())
                .anySatisfy(batch -> assertThat(batch.getBatchSize()).isEqualTo(1));

        JsonNode rest = get("/v2/models/nan/versions/1/stats").at("/model_stats/0");
        assertThat(rest.path("name").textValue()).isEqualTo("nan");
        assertThat(rest.path("version").textValue()).isEqualTo("1");
        assertThat(rest.path("inference_count").longValue()).isEqualTo(nan.getInferenceCount());
        assertThat(rest.path("execution_count").longValue()).isEqualTo(nan.getExecutionCount());
        for (String part : List.of("success", "queue", "compute_input", "compute_infer", "compute_output")) {
            assertThat(rest.at("/inference_stats/" + part + "/count").longValue())
                    .as(part)
                    .isEqualTo(nan.getInferenceStats().getSuccess().getCount());
            assertThat(rest.at("/inference_stats/" + part + "/ns").isIntegralNumber())
                    .isTrue();
        }
        assertThat(rest.at("/batch_stats/0/batch_size").longValue()).isEqualTo(1);
        assertThat(get("/v2/models/nan/stats").at("/model_stats")).hasSize(1);
        assertThat(get("/v2/models/stats").at("/model_stats"))
                .extracting(one -> one.path("name").textValue())
                .containsExactly("fails", "hangs", "nan", "throws");
        assertThat(client.modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                        .getModelStatsCount())
                .isEqualTo(4);
        assertThat(status("/v2/models/nobody/stats")).isEqualTo(404);
        assertThat(status("/v2/models/nan/versions/9/stats")).isEqualTo(404);
        assertThatThrownBy(() -> statistics("nobody"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    private static ModelStatistics statistics(String model) {
        return client.modelStatistics(
                        ModelStatisticsRequest.newBuilder().setName(model).build())
                .getModelStats(0);
    }

    private static JsonNode get(String path) throws Exception {
        return Json.read(response(path).body());
    }

    private static int status(String path) throws Exception {
        return response(path).statusCode();
    }

    private static HttpResponse<String> response(String path) throws Exception {
        return both.rest()
                .http()
                .send(
                        HttpRequest.newBuilder(both.rest().address().resolve(path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
