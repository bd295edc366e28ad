package forge.ai.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import forge.ai.api.ErrorCode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.inference.CachePolicy;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.Sequence;
import forge.ai.api.llm.Callers;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc;
import forge.ai.runtime.grpc.protocol.InferParameter;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.grpc.protocol.ModelInferResponse;
import forge.ai.runtime.grpc.protocol.ModelReadyRequest;
import forge.ai.runtime.grpc.protocol.RepositoryModelLoadRequest;
import forge.ai.runtime.grpc.protocol.ServerLiveRequest;
import forge.ai.runtime.testkit.ThreadCensus;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the server does whatever computes behind it: errors, limits, keys, changes of its configuration, its end. */
@Timeout(60)
class GrpcServerIT {

    private static final Map<String, Tensor> INPUTS = Map.of("x", Tensor.ofLongs(new long[] {2}, 3, 4));
    private static final ModelInferRequest QUICK = Messages.typed("quick", INPUTS);
    private static final ModelInferRequest HELD = Messages.typed("held", INPUTS);

    @TempDir
    private Path folder;

    private final SteeredEngine engine = new SteeredEngine();
    private RunningGrpc server;

    @BeforeEach
    void start() throws Exception {
        server = new RunningGrpc(folder);
        server.register(InferenceService.class, engine);
    }

    @AfterEach
    void stop() throws Exception {
        engine.release.countDown();
        server.close();
    }

    @Test
    void whatTheRequestSaysReachesTheEngine() throws Exception {
        ModelInferRequest request = QUICK.toBuilder()
                .setId("one")
                .setModelVersion("canary")
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("y"))
                .putParameters(
                        "priority",
                        InferParameter.newBuilder().setUint64Param(1).build())
                .putParameters(
                        "timeout",
                        InferParameter.newBuilder().setInt64Param(9_000_000).build())
                .putParameters(
                        "sequence_id",
                        InferParameter.newBuilder().setInt64Param(77).build())
                .putParameters(
                        "sequence_end",
                        InferParameter.newBuilder().setBoolParam(true).build())
                .putParameters(
                        "cache",
                        InferParameter.newBuilder().setStringParam("refresh").build())
                .putParameters(
                        "unknown",
                        InferParameter.newBuilder().setStringParam("x").build())
                .build();
        ModelInferResponse response = server.client().modelInfer(request);
        assertThat(response.getId()).isEqualTo("one");
        assertThat(response.getModelVersion()).isEqualTo("7");
        assertThat(Messages.outputs(response)).isEqualTo(INPUTS);
        InferenceRequest seen = engine.begun.take();
        assertThat(seen.version()).hasToString("label canary");
        assertThat(seen.outputs()).containsExactly("y");
        assertThat(seen.priority()).isEqualTo(9);
        assertThat(seen.timeout()).contains(Duration.ofSeconds(9));
        assertThat(seen.sequence()).contains(new Sequence("77", false, true));
        assertThat(seen.cache()).isEqualTo(CachePolicy.REFRESH);
    }

    @Test
    void theDeadlineOfTheCallIsALimitForTheEngine() throws Exception {
        server.client().withDeadlineAfter(40, TimeUnit.SECONDS).modelInfer(QUICK);
        assertThat(engine.begun.take().timeout())
                .hasValueSatisfying(left -> assertThat(left).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(40)));
        server.client().modelInfer(QUICK);
        assertThat(engine.begun.take().timeout()).isEmpty();
    }

    @Test
    void theEndOfTheDeadlineGivesTheCallUp() throws Exception {
        var client = server.client().withDeadlineAfter(3, TimeUnit.SECONDS);
        assertThatThrownBy(() -> client.modelInfer(HELD))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(engine.interrupted.poll(20, TimeUnit.SECONDS)).isEqualTo("held");
    }

    @Test
    void cancellingReachesTheEngine() throws Exception {
        Future<ModelInferResponse> call =
                GRPCInferenceServiceGrpc.newFutureStub(server.connect()).modelInfer(HELD);
        engine.begun.take();
        call.cancel(true);
        assertThat(engine.interrupted.poll(20, TimeUnit.SECONDS)).isEqualTo("held");
    }

    @Test
    void aClientThatDiesReachesTheEngine() throws Exception {
        ManagedChannel channel = server.connect();
        GRPCInferenceServiceGrpc.newFutureStub(channel).modelInfer(HELD);
        engine.begun.take();
        channel.shutdownNow();
        assertThat(engine.interrupted.poll(20, TimeUnit.SECONDS)).isEqualTo("held");
    }

    @Test
    void everyErrorHasItsStatusItsMessageAndItsCode() {
        var client = server.client();
        for (ErrorCode code : ErrorCode.values()) {
            engine.failure = ForgeException.of(
                    code, "it is \u00fcbel", ErrorDetails.NONE.withRetryAfter(Duration.ofMillis(1500)));
            assertThatThrownBy(() -> client.modelInfer(QUICK))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                        assertThat(e.getStatus().getCode())
                                .isEqualTo(Failures.status(code).getCode());
                        assertThat(e.getStatus().getDescription()).isEqualTo("it is \u00fcbel");
                        assertThat(e.getTrailers().get(header("x-forge-error"))).isEqualTo(code.name());
                        assertThat(e.getTrailers().get(header("grpc-retry-pushback-ms")))
                                .isEqualTo("1500");
                    });
        }
    }

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedAndTheNextIsServed() throws Exception {
        var client = server.client();
        ModelInferRequest large = ModelInferRequest.newBuilder()
                .addRawInputContents(ByteString.copyFrom(new byte[17 << 20]))
                .build();
        assertStatus(Status.Code.RESOURCE_EXHAUSTED, "16777216", () -> client.modelInfer(large));
        assertThat(Messages.outputs(client.modelInfer(QUICK))).isEqualTo(INPUTS);
        assertThat(engine.begun).hasSize(1);
    }

    private static void assertStatus(
            Status.Code code, String told, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).contains(told);
        });
    }

    @Test
    void withoutARegistryItLivesAndIsNotReady() {
        assertThat(server.client()
                        .serverLive(ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
        var health = HealthGrpc.newBlockingStub(server.connect());
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
        assertStatus(
                Status.Code.NOT_FOUND,
                "inference.GRPCInferenceService",
                () -> health.check(
                        HealthCheckRequest.newBuilder().setService("other").build()));
        assertStatus(
                Status.Code.UNAVAILABLE,
                "model registry",
                () -> server.client().modelReady(ModelReadyRequest.getDefaultInstance()));
    }

    @Test
    void keysAreAskedForOnceOneIsConfigured() throws Exception {
        server.framework().start("forge.ai.runtime.callers");
        Callers callers = server.framework().await(Callers.class, "", Duration.ofSeconds(20));
        server.client().modelInfer(QUICK);
        Callers.NewKey key = callers.newKey();
        server.admin()
                .getFactoryConfiguration("forge.ai.key", "alice", "?")
                .update(new Hashtable<>(Map.of("name", "alice", "hash", key.hash(), "roles", new String[] {"use"})));
        RunningGrpc.await("the door is closed", callers::closed);

        assertStatus(Status.Code.UNAUTHENTICATED, "key", () -> server.client().modelInfer(QUICK));
        assertStatus(
                Status.Code.UNAUTHENTICATED,
                "",
                () -> server.client()
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer("wrong")))
                        .modelInfer(QUICK));
        var alice = server.client().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(key.key())));
        assertThat(Messages.outputs(alice.modelInfer(QUICK))).isEqualTo(INPUTS);
        assertStatus(
                Status.Code.PERMISSION_DENIED,
                "operate",
                () -> alice.repositoryModelLoad(RepositoryModelLoadRequest.getDefaultInstance()));
        // A probe has no key.
        HealthGrpc.newBlockingStub(server.connect()).check(HealthCheckRequest.getDefaultInstance());
    }

    private static Metadata bearer(String key) {
        Metadata headers = new Metadata();
        headers.put(header("authorization"), "Bearer " + key);
        return headers;
    }

    @Test
    void movesToAnotherPortWithoutLosingACall() throws Exception {
        URI before = server.address().orElseThrow();
        Future<ModelInferResponse> held =
                GRPCInferenceServiceGrpc.newFutureStub(server.connect()).modelInfer(HELD);
        engine.begun.take();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server.configure(Map.of("grpc", "127.0.0.1:" + port));
        URI after = URI.create("grpc://127.0.0.1:" + port);
        RunningGrpc.await(
                "it has moved", () -> server.address().filter(after::equals).isPresent());
        assertThat(Messages.outputs(server.client().modelInfer(QUICK))).isEqualTo(INPUTS);
        RunningGrpc.await("nothing listens there any more", () -> !listens(before));
        engine.release.countDown();
        assertThat(Messages.outputs(held.get())).isEqualTo(INPUTS);
    }

    private static boolean listens(URI address) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            return socket.isConnected();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void staysWhereItIsWhenTheNewAddressIsTakenOrRefused() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(GrpcServer.class)).addAppender(log);
        URI before = server.address().orElseThrow();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            server.configure(Map.of("grpc", "127.0.0.1:" + taken.getLocalPort()));
            RunningGrpc.await("it is told", () -> said(log, "cannot listen on 127.0.0.1:" + taken.getLocalPort()));
            server.configure(Map.of("grpc", "0.0.0.0:0"));
            RunningGrpc.await("it is told", () -> said(log, "grpc = 0.0.0.0:0 is refused"));
        }
        assertThat(server.address()).contains(before);
        server.client().modelInfer(QUICK);
    }

    private static boolean said(ListAppender<ILoggingEvent> log, String text) {
        return List.copyOf(log.list).stream()
                .anyMatch(e ->
                        e.getLevel() == Level.ERROR && e.getFormattedMessage().contains(text));
    }

    /** Each call is answered, or refused as what may be repeated elsewhere, when the bundle stops under load. */
    @Test
    void callsInFlightFinishWhenItStops() throws Exception {
        Future<ModelInferResponse> held =
                GRPCInferenceServiceGrpc.newFutureStub(server.connect()).modelInfer(HELD);
        engine.begun.take();
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean refused = new AtomicBoolean();
        var client = server.client();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    client.modelInfer(QUICK);
                    answered.incrementAndGet();
                }
            } catch (StatusRuntimeException e) {
                refused.set(e.getStatus().getCode() == Status.Code.UNAVAILABLE);
            }
        });
        RunningGrpc.await("it serves", () -> answered.get() > 20);
        Thread stopping = Thread.ofVirtual().start(() -> {
            try {
                server.bundle().stop();
            } catch (org.osgi.framework.BundleException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
        assertThat(refused).isTrue();
        assertThat(stopping.isAlive()).isTrue();
        engine.release.countDown();
        assertThat(Messages.outputs(held.get())).isEqualTo(INPUTS);
        assertThat(stopping.join(Duration.ofSeconds(30))).isTrue();
        assertThat(server.address()).isEmpty();
    }

    @Test
    void callsThatTakeLongerThanTheLimitAreGivenUpAndToldSo() throws Exception {
        server.configure(Map.of("grpc", "127.0.0.1:0", "drainSeconds", 0));
        Future<ModelInferResponse> held =
                GRPCInferenceServiceGrpc.newFutureStub(server.connect()).modelInfer(HELD);
        engine.begun.take();
        server.bundle().stop();
        assertThatThrownBy(held::get)
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("UNAVAILABLE")
                .hasMessageContaining("the server stops");
        assertThat(engine.interrupted.poll(20, TimeUnit.SECONDS)).isEqualTo("held");
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        server.bundle().stop();
        ThreadCensus before = ThreadCensus.now();
        server.bundle().start();
        RunningGrpc.await("it listens", () -> server.address().isPresent());
        server.client().modelInfer(QUICK);
        server.disconnect();
        server.bundle().stop();
        before.awaitNoOthers(Duration.ofSeconds(20));
    }
}
