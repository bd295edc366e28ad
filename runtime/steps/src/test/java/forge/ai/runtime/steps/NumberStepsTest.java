package forge.ai.runtime.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NumberStepsTest {

    @TempDir
    private Path model;

    private static Map<String, Tensor> apply(Step step, Tensor tensor, StepContext context) {
        return step.apply(Map.of("x", tensor), context);
    }

    private static float[] floats(Step step, Tensor tensor, Map<String, Object> parameters) {
        return apply(step, tensor, Contexts.of("s", parameters)).get("x").toFloats();
    }

    private static Tensor row(float... values) {
        return Tensor.ofFloats(new long[] {1, values.length}, values);
    }

    @Test
    void normalizeTakesTheMeanAndDivides() {
        Tensor pixels = Tensor.ofFloats(new long[] {1, 2, 1, 2}, 1, 2, 3, 4);
        Map<String, Object> perChannel = Map.of("mean", List.of(1.0, 2L), "std", List.of(0.5, 2.0));

        assertThat(floats(new NormalizeStep(), pixels, perChannel)).containsExactly(0, 2, 0.5f, 1);
        assertThat(floats(new NormalizeStep(), pixels, Map.of("mean", 1L, "std", 2L)))
                .containsExactly(0, 0.5f, 1, 1.5f);
        assertThat(floats(new NormalizeStep(), pixels, Map.of("std", List.of(1L, 10L), "axis", 3L)))
                .containsExactly(1, 0.2f, 3, 0.4f);
        assertThat(floats(new NormalizeStep(), Tensor.ofInts(new long[] {2}, 4, 6), Map.of("mean", 5L)))
                .containsExactly(-1, 1);
    }

    @Test
    void normalizeRefusesWhatCannotBe() {
        Tensor pixels = Tensor.ofFloats(new long[] {1, 3}, 1, 2, 3);
        assertThatThrownBy(() -> floats(new NormalizeStep(), pixels, Map.of("std", 0L)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> floats(new NormalizeStep(), pixels, Map.of("mean", List.of(1L, 2L))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("axis 1");
        assertThatThrownBy(() -> floats(new NormalizeStep(), Tensor.ofStrings(new long[] {1}, List.of("a")), Map.of()))
                .isInstanceOf(InvalidRequestException.class);
    }

    /** Numbers of scipy.special.softmax([1, 2, 3]). */
    @Test
    void softmaxMakesProbabilities() {
        assertThat(floats(new SoftmaxStep(), row(1, 2, 3), Map.of()))
                .containsExactly(new float[] {0.09003057f, 0.24472847f, 0.66524096f}, within(1e-7f));
        assertThat(floats(new SoftmaxStep(), row(1000, 1000), Map.of())).containsExactly(0.5f, 0.5f);
        assertThat(floats(new SoftmaxStep(), row(-1e30f, 0), Map.of())).containsExactly(0, 1);
    }

    @Test
    void topkNamesTheHighestFirst() throws Exception {
        Files.createDirectories(model.resolve("1"));
        Files.writeString(model.resolve("labels.txt"), "zero\none\ntwo\n");
        Tensor scores = Tensor.ofFloats(new long[] {2, 4}, 0.1f, 0.7f, 0.2f, 0.7f, 4, 3, 2, Float.NaN);
        StepContext context = Contexts.of(model.resolve("1"), "topk", Map.of("k", 3L, "labels", "labels.txt"));

        Map<String, Tensor> best = apply(new TopKStep(), scores, context);

        assertThat(best).containsOnlyKeys("indices", "scores", "labels");
        assertThat(best.get("indices").shape()).containsExactly(2, 3);
        assertThat(best.get("indices").toLongs()).containsExactly(1, 3, 2, 0, 1, 2);
        assertThat(best.get("scores").toFloats()).containsExactly(0.7f, 0.7f, 0.2f, 4, 3, 2);
        assertThat(best.get("labels").toStrings()).containsExactly("one", "3", "two", "zero", "one", "two");
        assertThat(new TopKStep().gives(List.of(new TensorSpec("x", DataType.FP32, -1, 4)), context))
                .containsExactly(
                        new TensorSpec("indices", DataType.INT64, -1, 3),
                        new TensorSpec("scores", DataType.FP32, -1, 3),
                        new TensorSpec("labels", DataType.BYTES, -1, 3));
    }

    @Test
    void argmaxGivesTheHighest() {
        Map<String, Tensor> best = apply(
                new ArgMaxStep(), Tensor.ofFloats(new long[] {2, 2}, 1, 2, 2, 1), Contexts.of("argmax", Map.of()));

        assertThat(best).containsOnlyKeys("index");
        assertThat(best.get("index").shape()).containsExactly(2);
        assertThat(best.get("index").toLongs()).containsExactly(1, 0);
        assertThatThrownBy(() ->
                        apply(new ArgMaxStep(), Tensor.ofFloats(new long[] {}, 1), Contexts.of("argmax", Map.of())))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void labelsAreReadAgainWhenTheyChange() throws Exception {
        Path file =
                Files.writeString(Files.createDirectories(model.resolve("1")).resolve("l"), "a\nb");
        ArgMaxStep step = new ArgMaxStep();
        StepContext context = Contexts.of(model.resolve("1"), "argmax", Map.of("labels", "l"));
        assertThat(apply(step, row(0, 1), context).get("label").toStrings()).containsExactly("b");

        Files.writeString(file, "a\nc");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        assertThat(apply(step, row(0, 1), context).get("label").toStrings()).containsExactly("c");
    }

    @ParameterizedTest
    @CsvSource({"../secret", "/etc/passwd", ".hidden", "missing"})
    void labelsOnlyLieWithTheModel(String name) throws Exception {
        Files.writeString(model.resolve("secret"), "a");
        Path folder = Files.createDirectories(model.resolve("m/1"));
        assertThatThrownBy(() -> apply(new ArgMaxStep(), row(1), Contexts.of(folder, "argmax", Map.of("labels", name))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("labels");
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BYTES", "BOOL"})
    void castsGoThereAndBack(DataType type) {
        Tensor numbers = row(0, 1, 2, 100);

        Tensor there = apply(new CastStep(), numbers, Contexts.of("cast", Map.of("to", type.name())))
                .get("x");

        assertThat(there.type()).isEqualTo(type);
        assertThat(floats(new CastStep(), there, Map.of("to", "FP32"))).containsExactly(0, 1, 2, 100);
    }

    @Test
    void whatDoesNotFitBecomesTheNearest() {
        assertThat(cast(row(-1, 300, 2.9f, Float.NaN), DataType.UINT8)).containsExactly(0, 255, 2, 0);
        assertThat(cast(Tensor.ofLongs(new long[] {2}, -129, 128), DataType.INT8))
                .containsExactly(-128, 127);
        assertThat(cast(row(0, 0.5f, -3), DataType.BOOL)).containsExactly(0, 1, 1);
        assertThat(CastStep.cast(Tensor.ofLongs(new long[] {1}, (1L << 53) + 1), DataType.UINT64)
                        .data()
                        .getLong())
                .isEqualTo((1L << 53) + 1);
        assertThat(CastStep.cast(Tensor.ofDoubles(new long[] {1}, 0x1p63), DataType.UINT64)
                        .data()
                        .getLong())
                .isEqualTo(Long.MIN_VALUE);
        assertThat(CastStep.cast(row(1.00390625f), DataType.BF16).data().getShort())
                .isEqualTo((short) 0x3F80);
    }

    private static float[] cast(Tensor tensor, DataType type) {
        return CastStep.cast(CastStep.cast(tensor, type), DataType.FP32).toFloats();
    }

    @Test
    void aStepIsToldWhichOfSeveralTensorsIsMeant() {
        Map<String, Tensor> two = Map.of("a", row(1, 2), "b", row(5, 5));
        assertThatThrownBy(() -> new SoftmaxStep().apply(two, Contexts.of("softmax", Map.of())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tensor is missing");
        Map<String, Tensor> done = new SoftmaxStep().apply(two, Contexts.of("softmax", Map.of("tensor", "b")));
        assertThat(done.get("b").toFloats()).containsExactly(0.5f, 0.5f);
        assertThat(done.get("a")).isEqualTo(two.get("a"));
        assertThatThrownBy(() -> new SoftmaxStep().apply(two, Contexts.of("softmax", Map.of("tensor", "c"))))
                .isInstanceOf(InvalidRequestException.class);
    }
}
