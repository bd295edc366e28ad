package forge.ai.runtime.grpc;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import forge.ai.runtime.grpc.protocol.InferParameter;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.grpc.protocol.ModelInferResponse;
import forge.ai.runtime.grpc.protocol.ModelMetadataRequest;
import forge.ai.runtime.grpc.protocol.ModelMetadataResponse;
import forge.ai.runtime.grpc.protocol.ModelReadyRequest;
import forge.ai.runtime.grpc.protocol.ModelRepositoryParameter;
import forge.ai.runtime.grpc.protocol.RepositoryIndexRequest;
import forge.ai.runtime.grpc.protocol.RepositoryModelLoadRequest;
import forge.ai.runtime.grpc.protocol.RepositoryModelUnloadRequest;
import forge.ai.runtime.grpc.protocol.ServerMetadataRequest;
import forge.ai.runtime.grpc.protocol.ServerReadyRequest;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.TensorAssertions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

/** A client with generated stubs in front of the real engine, registry, backend and models, and REST beside it. */
@Timeout(120)
class OpenInferenceGrpcIT {

    private static final Map<String, String> MODELS = Map.of(
            "digits", "digits_cnn.onnx",
            "iris", "iris_mlp.onnx",
            "half", "iris_mlp_fp16.onnx",
            "types", "all_dtypes.onnx",
            "words", "string_in.onnx",
            "multi", "multi_io.onnx",
            "slow", "slow_loop.onnx",
            "broken", "neg_garbage.onnx");

    @TempDir
    private static Path folder;

    private static RunningBoth both;
    private static RunningGrpc server;
    private static Bundle onnx;
    private static RestBytes rest;
    private static GRPCInferenceServiceBlockingStub client;

    @BeforeAll
    static void start() throws Exception {
        Map<String, byte[]> files = new HashMap<>();
        for (Map.Entry<String, String> file : MODELS.entrySet()) {
            files.put(
                    file.getKey() + "/model.onnx",
                    Files.readAllBytes(ModelFixtures.folder("onnx").resolve(file.getValue())));
        }
        both = RunningBoth.start(folder, files);
        server = both.server();
        onnx = both.onnx();
        rest = both.rest();
        for (String model : MODELS.keySet()) {
            if (!model.equals("broken")) {
                both.registry().load(model);
            }
        }
        client = server.client();
    }

    @AfterAll
    static void stop() throws Exception {
        both.close();
    }

    @Test
    void saysWhatItIsAndWhatItServes() {
        assertThat(client.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getExtensionsList())
                .contains("model_repository");
        RunningGrpc.await(
                "ready",
                () -> client.serverReady(ServerReadyRequest.getDefaultInstance())
                        .getReady());
        assertThat(HealthGrpc.newBlockingStub(client.getChannel())
                        .check(HealthCheckRequest.newBuilder()
                                .setService("inference.GRPCInferenceService")
                                .build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        ModelMetadataResponse digits = client.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("digits").build());
        assertThat(digits.getVersionsList()).containsExactly("1");
        assertThat(digits.getPlatform()).isEqualTo("onnx");
        assertThat(digits.getInputs(0).getName()).isEqualTo("image");
        assertThat(digits.getInputs(0).getDatatype()).isEqualTo("FP32");
        assertThat(digits.getInputs(0).getShapeList()).containsExactly(-1L, 1L, 8L, 8L);
        assertThat(digits.getOutputs(0).getShapeList()).containsExactly(-1L, 10L);
        assertThat(ready("digits", "1")).isTrue();
        assertThat(ready("broken", "")).isFalse();
        failed(Status.Code.NOT_FOUND, "9", () -> ready("digits", "9"));
        failed(Status.Code.NOT_FOUND, "nothing", () -> ready("nothing", ""));
        failed(
                Status.Code.UNAVAILABLE,
                "FAILED",
                () -> client.modelMetadata(
                        ModelMetadataRequest.newBuilder().setName("broken").build()));
    }

    private static boolean ready(String model, String version) {
        return client.modelReady(ModelReadyRequest.newBuilder()
                        .setName(model)
                        .setVersion(version)
                        .build())
                .getReady();
    }

    private static void failed(
            Status.Code code, String told, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).contains(told);
        });
    }

    /** Every type that a model can have, in raw bytes: as the original framework computed, and bit by bit as REST. */
    @ParameterizedTest
    @CsvSource({"digits", "iris", "half", "types", "words", "multi"})
    void rawGivesWhatTheFixtureSaysAndWhatRestGives(String model) throws Exception {
        ModelFixtures.Fixture fixture = ModelFixtures.of("onnx").model(MODELS.get(model));
        for (ModelFixtures.Case one : fixture.cases()) {
            ModelInferResponse response = client.modelInfer(Messages.raw(model, one.inputs()));
            assertThat(response.getModelName()).isEqualTo(model);
            assertThat(response.getRawOutputContentsCount()).isEqualTo(response.getOutputsCount());
            Map<String, Tensor> outputs = Messages.outputs(response);
            assertClose(outputs, one.outputs(), fixture.tolerance());
            assertThat(rest.infer(model, one.inputs())).isEqualTo(outputs);
        }
    }

    @ParameterizedTest
    @CsvSource({"digits", "iris", "words", "multi"})
    void typedEqualsRaw(String model) throws Exception {
        for (ModelFixtures.Case one :
                ModelFixtures.of("onnx").model(MODELS.get(model)).cases()) {
            ModelInferResponse typed = client.modelInfer(Messages.typed(model, one.inputs()));
            assertThat(typed.getRawOutputContentsCount()).isZero();
            Map<String, Tensor> outputs = Messages.outputs(typed);
            assertThat(outputs).isEqualTo(Messages.outputs(client.modelInfer(Messages.raw(model, one.inputs()))));
            ModelInferResponse asBytes = client.modelInfer(Messages.typed(model, one.inputs()).toBuilder()
                    .putParameters(
                            "binary_data_output",
                            InferParameter.newBuilder().setBoolParam(true).build())
                    .build());
            assertThat(asBytes.getRawOutputContentsCount()).isEqualTo(asBytes.getOutputsCount());
            assertThat(Messages.outputs(asBytes)).isEqualTo(outputs);
        }
    }

    @Test
    void rowsComputedApartEqualThoseComputedTogether() throws Exception {
        ModelFixtures.Case one =
                ModelFixtures.of("onnx").model("digits_cnn.onnx").cases().getFirst();
        Tensor images = one.inputs().get("image");
        int[] together =
                TensorAssertions.argMax(Messages.outputs(client.modelInfer(Messages.raw("digits", one.inputs())))
                        .get("logits"));
        for (int row = 0; row < together.length; row++) {
            Tensor alone = Messages.outputs(client.modelInfer(
                            Messages.raw("digits", Map.of("image", images.rows(row, row + 1)))))
                    .get("logits");
            assertThat(TensorAssertions.argMax(alone)).containsExactly(together[row]);
        }
    }

    @Test
    void onlyTheOutputsAskedForAreGiven() throws Exception {
        ModelInferRequest request = Messages.typed(
                "multi",
                ModelFixtures.of("onnx")
                        .model("multi_io.onnx")
                        .cases()
                        .getFirst()
                        .inputs());
        assertThat(client.modelInfer(request).getOutputsCount()).isEqualTo(3);
        ModelInferResponse one = client.modelInfer(request.toBuilder()
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("best"))
                .build());
        assertThat(Messages.outputs(one)).containsOnlyKeys("best");
    }

    @Test
    void aRequestThatTakesTooLongIsEndedByTheServer() {
        ModelInferRequest request = Messages.typed("slow", Map.of("iters", Tensor.ofLongs(new long[0], 2_000_000)));
        failed(
                Status.Code.DEADLINE_EXCEEDED,
                "50 ms",
                () -> client.modelInfer(request.toBuilder()
                        .putParameters(
                                "timeout",
                                InferParameter.newBuilder()
                                        .setInt64Param(50_000)
                                        .build())
                        .build()));
        failed(
                Status.Code.DEADLINE_EXCEEDED,
                "",
                () -> client.withDeadlineAfter(50, TimeUnit.MILLISECONDS).modelInfer(request));
    }

    @Test
    void theRepositoryIsListedAndModelsAreUnloadedAndLoaded() {
        assertThat(index(false)).hasSize(MODELS.size()).containsKey("broken");
        assertThat(index(true)).doesNotContainKey("broken").containsEntry("iris", "READY");
        client.repositoryModelUnload(
                RepositoryModelUnloadRequest.newBuilder().setModelName("iris").build());
        assertThat(index(true)).doesNotContainKey("iris");
        failed(
                Status.Code.UNAVAILABLE,
                "iris",
                () -> client.modelInfer(
                        ModelInferRequest.newBuilder().setModelName("iris").build()));
        client.repositoryModelLoad(
                RepositoryModelLoadRequest.newBuilder().setModelName("iris").build());
        assertThat(index(true)).containsKey("iris");
        failed(
                Status.Code.NOT_FOUND,
                "nothing",
                () -> client.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                        .setModelName("nothing")
                        .build()));
        failed(
                Status.Code.INVALID_ARGUMENT,
                "",
                () -> client.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                        .setModelName("broken")
                        .build()));
    }

    private static Map<String, String> index(boolean ready) {
        Map<String, String> states = new LinkedHashMap<>();
        client.repositoryIndex(
                        RepositoryIndexRequest.newBuilder().setReady(ready).build())
                .getModelsList()
                .forEach(model -> states.put(model.getName(), model.getState()));
        return states;
    }

    @Test
    void aModelIsLoadedAsItLiesInTheRepositoryAndNotOtherwise() {
        failed(
                Status.Code.UNIMPLEMENTED,
                "parameters.config",
                () -> client.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                        .setModelName("multi")
                        .putParameters(
                                "config",
                                ModelRepositoryParameter.newBuilder()
                                        .setStringParam("{}")
                                        .build())
                        .build()));
    }

    @Test
    void whatIsWrongIsRefusedAndToldWhere() {
        ModelInferRequest right =
                Messages.typed("iris", Map.of("features", Tensor.ofFloats(new long[] {1, 4}, 1, 2, 3, 4)));
        ModelInferRequest.InferInputTensor input = right.getInputs(0);
        ByteString bytes = ByteString.copyFrom(new byte[16]);
        Map<String, ModelInferRequest> wrong = new LinkedHashMap<>();
        wrong.put(
                "inputs[0].datatype",
                right.toBuilder()
                        .setInputs(0, input.toBuilder().setDatatype("FP99"))
                        .build());
        wrong.put(
                "inputs[0].name",
                right.toBuilder().setInputs(0, input.toBuilder().setName("")).build());
        wrong.put(
                "inputs[0].shape",
                right.toBuilder()
                        .setInputs(0, input.toBuilder().setShape(0, -1))
                        .build());
        wrong.put(
                "too large",
                right.toBuilder()
                        .setInputs(
                                0, input.toBuilder().setShape(0, Long.MAX_VALUE).setShape(1, Long.MAX_VALUE))
                        .build());
        wrong.put(
                "expected for FP32[5, 4]: 20",
                right.toBuilder().setInputs(0, input.toBuilder().setShape(0, 5)).build());
        wrong.put(
                "two inputs named features", right.toBuilder().addInputs(input).build());
        wrong.put(
                "nothing beside raw_input_contents",
                right.toBuilder().addRawInputContents(bytes).build());
        wrong.put(
                "one for each input, 1",
                right.toBuilder()
                        .setInputs(0, input.toBuilder().clearContents())
                        .addRawInputContents(bytes)
                        .addRawInputContents(bytes)
                        .build());
        wrong.put(
                "raw_input_contents[0] has 15 bytes",
                right.toBuilder()
                        .setInputs(0, input.toBuilder().clearContents())
                        .addRawInputContents(bytes.substring(1))
                        .build());
        wrong.put("features FP32[-1, 4]", Messages.typed("iris", Map.of("other", Tensor.ofLongs(new long[] {1}, 1))));
        wrong.put(
                "parameters.priority",
                right.toBuilder()
                        .putParameters(
                                "priority",
                                InferParameter.newBuilder().setInt64Param(-1).build())
                        .build());
        wrong.put(
                "parameters.timeout",
                right.toBuilder()
                        .putParameters(
                                "timeout",
                                InferParameter.newBuilder()
                                        .setStringParam("soon")
                                        .build())
                        .build());
        wrong.forEach((told, request) -> failed(Status.Code.INVALID_ARGUMENT, told, () -> client.modelInfer(request)));
        client.modelInfer(right);
    }

    /** Backends are replaced side by side while clients call; every call is answered, and rightly. */
    @Test
    void noCallIsLostWhenTheBackendIsReplaced() throws Exception {
        ModelFixtures.Fixture fixture = ModelFixtures.of("onnx").model("digits_cnn.onnx");
        ModelFixtures.Case one = fixture.cases().getFirst();
        ModelInferRequest request = Messages.raw("digits", one.inputs());
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<ManagedChannel> channels = List.of(server.connect(), server.connect());
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                var stub = GRPCInferenceServiceGrpc.newBlockingStub(channels.get(i % channels.size()));
                callers.submit(() -> {
                    while (!stop.get() && failures.isEmpty()) {
                        try {
                            assertClose(Messages.outputs(stub.modelInfer(request)), one.outputs(), fixture.tolerance());
                            answered.incrementAndGet();
                        } catch (RuntimeException | AssertionError e) {
                            failures.add(e);
                        }
                    }
                });
            }
            try {
                for (int swap = 0; swap < 10; swap++) {
                    int before = answered.get();
                    RunningGrpc.await("calls", () -> answered.get() > before + 50 || !failures.isEmpty());
                    Bundle next = server.framework().startBeside("forge.ai.backend.onnx", "0.2." + swap);
                    onnx.stop();
                    onnx.uninstall();
                    onnx = next;
                }
            } finally {
                stop.set(true);
            }
        }
        assertThat(new ArrayList<>(failures)).isEmpty();
        assertThat(answered.get()).isGreaterThan(500);
    }
}
