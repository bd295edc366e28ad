package forge.ai.runtime.testkit.onnx;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.CancelledException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a backend of ONNX loads, computes, cancels and closes. */
@Timeout(60)
public abstract class OnnxCallsContract {

    /** At about 0.2 ms each it takes far longer than the test may. */
    private static final Map<String, Tensor> FOR_MINUTES = Map.of("iters", Tensor.ofLongs(new long[0], 2_000_000));

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ModelFixtures fixtures = ModelFixtures.of("onnx");

    @TempDir
    protected Path folder;

    protected abstract ModelBackend backend();

    /** Stops the backend as its bundle does. */
    protected abstract void stop();

    @Test
    void aRunningCallIsCancelledAndTheModelGoesOn() throws Exception {
        try (LoadedModel model = load("slow_loop.onnx", "auto", Map.of())) {
            Cancellation cancellation = new Cancellation();
            CompletableFuture<Object> call = start(model, cancellation);

            cancellation.cancel();

            assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CancelledException.class);
            Case one = fixtures.model("slow_loop.onnx").cases().getFirst();
            assertClose(model.run(one.inputs(), Set.of(), new Cancellation()), one.outputs(), 1e-3);
        }
    }

    @Test
    void closingEndsARunningCallAndReturns() throws Exception {
        LoadedModel model = load("slow_loop.onnx", "auto", Map.of());
        CompletableFuture<Object> call = start(model, new Cancellation());

        model.close();

        assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> model.run(FOR_MINUTES, Set.of(), new Cancellation()))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void stoppingTheBackendClosesWhatIsOpen() throws Exception {
        LoadedModel model = load("iris_mlp.onnx", "auto", Map.of());

        stop();

        assertThatThrownBy(() -> model.run(
                        fixtures.model("iris_mlp.onnx").cases().getFirst().inputs(), Set.of(), new Cancellation()))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> load("digits_cnn.onnx", "auto", Map.of())).isInstanceOf(UnavailableException.class);
    }

    @Test
    void aGpuThatIsNotThereIsSaidOrReplacedAsConfigured() throws Exception {
        assertThatThrownBy(() -> load("iris_mlp.onnx", "cuda:0", Map.of()))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("cuda:0")
                .hasMessageContaining("deviceFallback");

        Case one = fixtures.model("digits_cnn.onnx").cases().getFirst();
        try (LoadedModel model = load("digits_cnn.onnx", "cuda:0", Map.of("deviceFallback", "cpu"))) {
            assertClose(model.run(one.inputs(), Set.of(), new Cancellation()), one.outputs(), 1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "optimization, fast, none",
        "threads, 0, 1 to 1024",
        "interOpThreads, many, 1 to 1024",
        "arena, yes, true",
        "deviceFallback, gpu, cpu",
        "gpuMemoryMiB, -1, 0 to",
        "'providers', 'cpu,tensorrt', 'cuda,cpu'",
        "providers, cuda, device is cpu"
    })
    void aWrongParameterIsRefusedWithWhatIsAllowed(String key, String value, String allowed) {
        assertThatThrownBy(() -> load("iris_mlp.onnx", "cpu", Map.of(key, value)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value)
                .hasMessageContaining(allowed);
    }

    @Test
    void librariesOfOperatorsAreNotLoaded() {
        assertThatThrownBy(() -> load("iris_mlp.onnx", "cpu", Map.of("customOpLibrary", "/tmp/operators.so")))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("customOpLibrary");
    }

    @ParameterizedTest
    @CsvSource({
        "optimization, none",
        "optimization, basic",
        "optimization, extended",
        "interOpThreads, 2",
        "arena, false",
        "providers, cpu",
        "gpuMemoryMiB, 512"
    })
    void parametersDoNotChangeWhatIsComputed(String key, String value) throws Exception {
        Case one = fixtures.model("digits_cnn.onnx").cases().getFirst();
        try (LoadedModel model = load("digits_cnn.onnx", "cpu", Map.of(key, value))) {
            assertClose(model.run(one.inputs(), Set.of(), new Cancellation()), one.outputs(), 1e-4);
        }
    }

    @Test
    void outputsAreWrittenToWhereTheCallerWantsThem() throws Exception {
        Case one = fixtures.model("multi_io.onnx").cases().getFirst();
        Map<String, ByteBuffer> memory = new HashMap<>();
        Map<String, Tensor> places = new HashMap<>();
        one.outputs().entrySet().stream().skip(1).forEach(output -> {
            Tensor tensor = output.getValue();
            memory.put(output.getKey(), Tensor.allocateDirect(tensor.type(), tensor.elements()));
            places.put(output.getKey(), Tensor.of(tensor.type(), tensor.shape(), memory.get(output.getKey())));
        });
        assertThat(places).isNotEmpty();
        try (LoadedModel model = load("multi_io.onnx", "cpu", Map.of())) {
            Map<String, Tensor> outputs = model.run(one.inputs(), Set.of(), places, new Cancellation());

            assertClose(outputs, one.outputs(), 1e-5);
            assertThat(outputs.keySet()).containsExactlyElementsOf(one.outputs().keySet());
            memory.forEach((name, written) ->
                    assertThat(written).isEqualTo(outputs.get(name).data()));
        }
    }

    /** Returns once the call computes: it has used processor time that nothing else in its thread needs. */
    private static CompletableFuture<Object> start(LoadedModel model, Cancellation cancellation) throws Exception {
        CompletableFuture<Object> call = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                call.complete(model.run(FOR_MINUTES, Set.of(), cancellation));
            } catch (RuntimeException e) {
                call.completeExceptionally(e);
            }
        });
        while (thread.isAlive() && THREADS.getThreadCpuTime(thread.threadId()) < 200_000_000) {
            Thread.yield();
        }
        return call;
    }

    private LoadedModel load(String file, String device, Map<String, String> parameters) throws Exception {
        Path version = folder.resolve(file).resolve("1");
        if (!Files.exists(version)) {
            fixtures.version(folder, file, "model.onnx");
        }
        return backend().load(new ModelSource("test", 1, version, device, 1, parameters));
    }
}
