package forge.ai.runtime.testkit.model;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.api.Cancellation;
import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every model backend must do; a backend's test extends it with an example of a model. */
@Timeout(60)
public abstract class BackendContract {

    private static final int ROUNDS = 60;

    /**
     * A model and what it computes.
     *
     * @param source how it is loaded
     * @param file the file in its folder that cannot be damaged unnoticed
     * @param inputs several rows, where it has rows
     * @param outputs all of them
     * @param tolerance how far an output may be off
     */
    public record Example(
            ModelSource source,
            String file,
            Map<String, Tensor> inputs,
            Map<String, Tensor> outputs,
            double tolerance) {}

    @TempDir
    protected Path folder;

    protected abstract ModelBackend backend();

    /** With numbers for inputs, and batched if the format knows batches. */
    protected abstract Example example() throws Exception;

    @Test
    void theExampleIsComputed() throws Exception {
        try (LoadedModel model = load()) {
            assertClose(
                    compute(model, example().inputs()),
                    example().outputs(),
                    example().tolerance());
        }
    }

    @Test
    void theSignatureDescribesWhatGoesInAndComesOut() throws Exception {
        try (LoadedModel model = load()) {
            Map<String, Tensor> outputs = compute(model, example().inputs());

            assertThat(names(model.signature().inputs()))
                    .containsExactlyInAnyOrderElementsOf(example().inputs().keySet());
            assertThat(names(model.signature().outputs())).containsExactlyElementsOf(outputs.keySet());
            for (TensorSpec spec : model.signature().inputs()) {
                assertThat(spec.accepts(example().inputs().get(spec.name())))
                        .as(spec.toString())
                        .isTrue();
            }
            for (TensorSpec spec : model.signature().outputs()) {
                assertThat(spec.accepts(outputs.get(spec.name())))
                        .as(spec.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void onlyTheWantedOutputsCome() throws Exception {
        try (LoadedModel model = load()) {
            for (TensorSpec spec : model.signature().outputs()) {
                Map<String, Tensor> outputs = model.run(example().inputs(), Set.of(spec.name()), new Cancellation());

                assertThat(outputs).containsOnlyKeys(spec.name());
            }
        }
    }

    @Test
    void anUnknownInputIsRefusedWithTheKnownOnes() throws Exception {
        Map<String, Tensor> inputs = new LinkedHashMap<>(example().inputs());
        inputs.put("no-such-input", Tensor.ofFloats(new long[] {1}, 1));

        refused(inputs, "no-such-input");
    }

    @Test
    void anUnknownOutputIsRefusedWithTheKnownOnes() throws Exception {
        try (LoadedModel model = load()) {
            assertThatThrownBy(() -> model.run(example().inputs(), Set.of("no-such-output"), new Cancellation()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("no-such-output")
                    .hasMessageContaining(names(model.signature().outputs()).getFirst());
        }
    }

    @Test
    void aMissingInputIsRefusedByName() throws Exception {
        for (String name : example().inputs().keySet()) {
            Map<String, Tensor> inputs = new LinkedHashMap<>(example().inputs());
            inputs.remove(name);

            refused(inputs, name);
        }
    }

    @Test
    void aWrongTypeIsRefusedWithTheRightOne() throws Exception {
        for (String name : example().inputs().keySet()) {
            Tensor right = example().inputs().get(name);
            DataType other = right.type() == DataType.INT16 ? DataType.UINT16 : DataType.INT16;
            Map<String, Tensor> inputs = new LinkedHashMap<>(example().inputs());
            inputs.put(name, Tensor.of(other, right.shape(), Tensor.allocate(other, right.elements())));

            refused(inputs, name);
        }
    }

    @Test
    void aWrongShapeIsRefusedWithTheRightOne() throws Exception {
        for (String name : example().inputs().keySet()) {
            Tensor right = example().inputs().get(name);
            long[] shape = Arrays.copyOf(right.shape(), right.rank() + 2);
            Arrays.fill(shape, right.rank(), shape.length, 1);
            Map<String, Tensor> inputs = new LinkedHashMap<>(example().inputs());
            inputs.put(
                    name,
                    right.type() == DataType.BYTES
                            ? Tensor.ofBytes(shape, right.bytes())
                            : Tensor.of(right.type(), shape, right.data()));

            refused(inputs, name);
        }
    }

    /** The message names the wrong input and says what is expected of it, or all that is expected if it is unknown. */
    private void refused(Map<String, Tensor> inputs, String wrong) throws Exception {
        try (LoadedModel model = load()) {
            List<TensorSpec> expected = model.signature()
                    .input(wrong)
                    .map(List::of)
                    .orElse(model.signature().inputs());
            assertThatThrownBy(() -> compute(model, inputs))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(wrong)
                    .hasMessageContainingAll(
                            expected.stream().map(TensorSpec::toString).toArray(String[]::new));
            assertClose(
                    compute(model, example().inputs()),
                    example().outputs(),
                    example().tolerance());
        }
    }

    @Test
    void rowsComputedApartEqualThoseComputedTogether() throws Exception {
        try (LoadedModel model = load()) {
            assumeTrue(model.signature().batched(), "not batched");
            Random random = new Random(7);
            for (int round = 0; round < 20; round++) {
                Map<String, List<Tensor>> parts = new LinkedHashMap<>();
                int from = 0;
                while (from < rows()) {
                    int to = from + 1 + random.nextInt(rows() - from);
                    compute(model, rows(example().inputs(), from, to))
                            .forEach((name, part) -> parts.computeIfAbsent(name, n -> new ArrayList<>())
                                    .add(part));
                    from = to;
                }
                Map<String, Tensor> whole = new LinkedHashMap<>();
                parts.forEach((name, of) -> whole.put(name, Tensor.concatenate(of)));
                assertClose(whole, example().outputs(), example().tolerance());
            }
        }
    }

    private int rows() throws Exception {
        return (int) example().inputs().values().iterator().next().dimension(0);
    }

    private static Map<String, Tensor> rows(Map<String, Tensor> tensors, int from, int to) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> part.put(name, tensor.rows(from, to)));
        return part;
    }

    @Test
    void severalThreadsComputeAtATime() throws Exception {
        try (LoadedModel model = load();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> calls = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int row = thread;
                calls.add(threads.submit((Callable<Void>) () -> {
                    for (int round = 0; round < 50; round++) {
                        boolean one = model.signature().batched() && round % 2 == 0;
                        int from = one ? row % rows() : 0;
                        int to = one ? from + 1 : rows();
                        boolean all = !model.signature().batched();
                        assertClose(
                                compute(
                                        model,
                                        all
                                                ? example().inputs()
                                                : rows(example().inputs(), from, to)),
                                all ? example().outputs() : rows(example().outputs(), from, to),
                                example().tolerance());
                    }
                    return null;
                }));
            }
            for (Future<Void> call : calls) {
                call.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aCancelledCallComputesNothing() throws Exception {
        try (LoadedModel model = load()) {
            Cancellation cancellation = new Cancellation();
            cancellation.cancel();

            assertThatThrownBy(() -> model.run(example().inputs(), Set.of(), cancellation))
                    .isInstanceOf(CancelledException.class);
            assertClose(
                    compute(model, example().inputs()),
                    example().outputs(),
                    example().tolerance());
        }
    }

    @Test
    void closedTwiceIsClosedOnceAndComputesNoMore() throws Exception {
        LoadedModel model = load();
        model.close();
        model.close();

        assertThatThrownBy(() -> compute(model, example().inputs())).isInstanceOf(UnavailableException.class);
    }

    @Test
    void aDamagedFileIsRefused() throws Exception {
        byte[] whole =
                Files.readAllBytes(example().source().folder().resolve(example().file()));
        byte[] noise = new byte[whole.length];
        new Random(7).nextBytes(noise);
        List<byte[]> damaged =
                List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), Arrays.copyOf(whole, 7), noise);
        for (byte[] bytes : damaged) {
            assertThatThrownBy(() -> load(bytes).close())
                    .as("%d bytes", bytes.length)
                    .isInstanceOf(ForgeException.class);
        }
    }

    @Test
    void aMissingFileIsRefused() {
        assertThatThrownBy(() -> backend()
                        .load(ModelFixtures.source(Files.createDirectories(folder.resolve("empty"))))
                        .close())
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void flippedBitsDoNoHarm() throws Exception {
        byte[] whole =
                Files.readAllBytes(example().source().folder().resolve(example().file()));
        Random random = new Random(7);
        for (int round = 0; round < 100; round++) {
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                load(bytes).close();
            } catch (ForgeException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** The example with other bytes in its file. */
    private LoadedModel load(byte[] bytes) throws Exception {
        ModelSource source = example().source();
        Path copy = Files.createTempDirectory(folder, "damaged");
        try (var files = Files.walk(source.folder()).skip(1)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(source.folder().relativize(file)));
            }
        }
        Files.write(copy.resolve(example().file()), bytes);
        return backend()
                .load(new ModelSource(
                        source.name(), source.version(), copy, source.device(), source.threads(), source.parameters()));
    }

    @Test
    void loadingAndClosingGivesAllMemoryBack() throws Exception {
        loadAndClose(ROUNDS);
        long before = ResidentMemory.bytes();
        loadAndClose(ROUNDS);

        assertThat(ResidentMemory.bytes()).as("resident bytes").isLessThan(before + before / 10);
    }

    private void loadAndClose(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            try (LoadedModel model = load()) {
                compute(model, example().inputs());
            }
        }
    }

    protected final LoadedModel load() throws Exception {
        return backend().load(example().source());
    }

    protected static Map<String, Tensor> compute(LoadedModel model, Map<String, Tensor> inputs) {
        return model.run(inputs, Set.of(), new Cancellation());
    }

    private static List<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).toList();
    }
}
