package forge.ai.runtime.testkit.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ResidentMemory;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend of ONNX takes of memory, keeps of it, and reads from beside a model. */
@Timeout(60)
public abstract class OnnxMemoryContract {

    /** 256 TB, which is more than a process can address, however much the system promises. */
    private static final long ENDLESS = 1L << 46;

    private static final int CALLS = 20_000;

    @TempDir
    protected Path folder;

    protected abstract ModelBackend backend();

    @Test
    void aSteadyLoadOfSmallRequestsTakesNoNativeMemoryAnew() throws Exception {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        try (LoadedModel model = load(TinyModels.identity(1))) {
            Tensor[] inputs = new Tensor[32];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = Tensor.ofFloats(new long[] {i + 1}, new float[i + 1]);
            }
            call(model, inputs, CALLS / 4);
            long buffers = direct.getCount();
            long resident = ResidentMemory.bytes();

            call(model, inputs, CALLS);

            assertThat(direct.getCount()).as("direct buffers").isLessThanOrEqualTo(buffers);
            assertThat(ResidentMemory.bytes()).as("resident bytes").isLessThan(resident + resident / 10);
        }
    }

    private static void call(LoadedModel model, Tensor[] inputs, int times) {
        for (int i = 0; i < times; i++) {
            model.run(Map.of("x", inputs[i % inputs.length]), Set.of(), new Cancellation());
        }
    }

    @Test
    void requestsOfEverySizeGetTheirOwnAnswers() throws Exception {
        Random random = new Random(7);
        try (LoadedModel model = load(TinyModels.identity(1))) {
            for (int round = 0; round < 500; round++) {
                // Up to what is kept in memory, and beyond it.
                float[] numbers = new float[round % 50 == 49 ? 20_000 + round : random.nextInt(200)];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = random.nextFloat();
                }
                Tensor tensor = Tensor.ofFloats(new long[] {numbers.length}, numbers);

                assertThat(run(model, tensor)).isEqualTo(tensor);
            }
        }
    }

    @Test
    void answersStayAsTheyWereWhenOthersFollow() throws Exception {
        try (LoadedModel model = load(TinyModels.identity(1))) {
            Tensor first = run(model, Tensor.ofFloats(new long[] {2}, 1, 2));
            run(model, Tensor.ofFloats(new long[] {2}, 3, 4));

            assertThat(first.toFloats()).containsExactly(1, 2);
        }
    }

    @Test
    void anOutputOfAnotherShapeThanTheGraphSaysIsGivenAsItIs() throws Exception {
        try (LoadedModel model = load(TinyModels.twice())) {
            for (int round = 0; round < 3; round++) {
                assertThat(run(model, Tensor.ofFloats(new long[] {2}, 1, 2)).toFloats())
                        .containsExactly(1, 2, 1, 2);
            }
        }
    }

    @Test
    void moreMemoryThanThereIsIsRefusedAndTheModelGoesOn() throws Exception {
        try (LoadedModel model = load(TinyModels.zeros())) {
            for (long length : new long[] {ENDLESS, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> run(model, Tensor.ofLongs(new long[] {1}, length)))
                        .as("%d elements", length)
                        .isInstanceOf(ResourceExhaustedException.class)
                        .hasNoCause();
            }
            assertThat(run(model, Tensor.ofLongs(new long[] {1}, 3)).toFloats()).containsExactly(0, 0, 0);
        }
    }

    @Test
    void weightsMayLieInAFileBesideTheModel() throws Exception {
        Path version = Files.createDirectories(folder.resolve("1"));
        writeWeights(version.resolve("weights.bin"));
        try (LoadedModel model = load(TinyModels.adding("weights.bin"))) {
            assertThat(run(model, Tensor.ofFloats(new long[] {3}, 1, 1, 1)).toFloats())
                    .containsExactly(11, 21, 31);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.bin", "sub/../../outside.bin", "ABSOLUTE", "nowhere.bin"})
    void weightsOutsideOfTheVersionsFolderAreNotRead(String location) throws Exception {
        writeWeights(folder.resolve("outside.bin"));
        String said = location.replace("ABSOLUTE", folder.resolve("outside.bin").toString());

        assertThatThrownBy(() -> load(TinyModels.adding(said)).close())
                .isInstanceOf(InvalidRequestException.class)
                .hasNoCause();
    }

    private static void writeWeights(Path file) throws Exception {
        ByteBuffer numbers = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putFloat(10).putFloat(20).putFloat(30);
        Files.write(file, numbers.array());
    }

    private LoadedModel load(byte[] model) throws Exception {
        Path version = Files.createDirectories(folder.resolve("1"));
        Files.write(version.resolve("model.onnx"), model);
        return backend().load(ModelFixtures.source(version));
    }

    private static Tensor run(LoadedModel model, Tensor x) {
        return model.run(Map.of("x", x), Set.of(), new Cancellation()).get("y");
    }
}
