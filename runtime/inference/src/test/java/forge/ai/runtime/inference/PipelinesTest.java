package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.api.inference.StepTiming;
import forge.ai.api.inference.StepTiming.Part;
import forge.ai.api.model.Batching;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.model.ModelStep;
import forge.ai.api.model.Pipeline;
import forge.ai.api.model.StepConfig;
import forge.ai.api.model.VersionPolicy;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PipelinesTest extends ShelfTest {

    private final RowModel rows = new RowModel(0);
    private final LoadedModel ensemble =
            new EnsembleBackend().load(new ModelSource("e", 1, Path.of("e"), "cpu", 1, Map.of()));

    /** Turns a text into what {@link RowModel} takes: its length, and itself. */
    private static final class Spell implements Step {

        @Override
        public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
            String text = tensors.get("text").toStrings().getFirst();
            double factor = context.number("factor", 1);
            return RowModel.row((float) (text.length() * factor), text);
        }

        @Override
        public List<TensorSpec> takes(List<TensorSpec> next, StepContext context) {
            return List.of(new TensorSpec("text", DataType.BYTES, 1));
        }
    }

    /** Keeps one number of {@code sum}, under another name. */
    private static final class Pick implements Step {

        @Override
        public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
            return Map.of(
                    "first", Tensor.ofFloats(new long[] {1}, tensors.get("sum").toFloats()[0]));
        }

        @Override
        public List<TensorSpec> gives(List<TensorSpec> before, StepContext context) {
            return List.of(new TensorSpec("first", DataType.FP32, 1));
        }
    }

    private static final Step REFUSE_EMPTY = (tensors, context) -> {
        if (tensors.get("text").toStrings().getFirst().isEmpty()) {
            throw new InvalidRequestException("the text is empty");
        }
        return tensors;
    };

    private void step(String name, Step step) {
        engine.bindStep(step, Map.of(Step.NAME, name));
    }

    private static StepConfig config(String step) {
        return new StepConfig(step, Map.of());
    }

    private void spelled() {
        step("spell", new Spell());
        step("pick", new Pick());
        step("refuse-empty", REFUSE_EMPTY);
        StepConfig spell = new StepConfig("spell", Map.of("factor", 2L));
        Pipeline pipeline =
                new Pipeline(List.of(config("refuse-empty"), spell), List.of(config("pick")), List.of(), List.of());
        shelf.put("spelled", 1, "d", rows, ModelConfig.DEFAULT.withPipeline(pipeline));
    }

    private static InferenceRequest text(String model, String text) {
        return InferenceRequest.of(model, Map.of("text", Tensor.ofStrings(new long[] {1}, List.of(text))));
    }

    private void ensemble(String name, List<String> outputs, ModelStep... steps) {
        Pipeline pipeline = new Pipeline(List.of(), List.of(), List.of(steps), outputs);
        shelf.put(name, 1, "d", ensemble, ModelConfig.DEFAULT.withPipeline(pipeline));
    }

    private static ModelStep step(String model, Map<String, String> inputs, Map<String, String> outputs) {
        return new ModelStep(model, VersionSelector.DEFAULT, inputs, outputs);
    }

    @Test
    void whatStandsBeforeAndAfterTheModelIsDoneInOrder() {
        spelled();

        InferenceResult result = engine.infer(text("spelled", "four"));

        assertThat(result.outputs()).containsOnlyKeys("first");
        float expected = RowModel.compute(RowModel.row(8, "four")).get("sum").toFloats()[0];
        assertThat(result.outputs().get("first").toFloats()).containsExactly(expected);
        assertThat(result.steps())
                .extracting(StepTiming::part, StepTiming::name)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Part.PRE, "refuse-empty"),
                        org.assertj.core.groups.Tuple.tuple(Part.PRE, "spell"),
                        org.assertj.core.groups.Tuple.tuple(Part.MODEL, "spelled"),
                        org.assertj.core.groups.Tuple.tuple(Part.POST, "pick"));
        assertThat(engine.statistics().getFirst().steps())
                .hasSize(4)
                .allSatisfy(step -> assertThat(step.took().count()).isEqualTo(1));
    }

    @Test
    void theOutsideOfAPipelineIsWhatItsFirstStepTakesAndItsLastGives() {
        spelled();

        ModelSignature signature = engine.signature("spelled", VersionSelector.DEFAULT);

        assertThat(signature.inputs()).containsExactly(new TensorSpec("text", DataType.BYTES, 1));
        assertThat(signature.outputs()).containsExactly(new TensorSpec("first", DataType.FP32, 1));
    }

    @Test
    void aValidatorRefusesWithItsOwnWords() {
        spelled();

        assertThatThrownBy(() -> engine.infer(text("spelled", "")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the text is empty");
        assertThat(rows.batches).isEmpty();
    }

    @Test
    void outputsAreThoseOfTheLastStep() {
        spelled();

        assertThat(engine.infer(text("spelled", "a").withOutputs(Set.of("first")))
                        .outputs())
                .containsOnlyKeys("first");
        assertThatThrownBy(() -> engine.infer(text("spelled", "a").withOutputs(Set.of("sum"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("[first]");
    }

    @Test
    void aStepThatIsNotThereIsNamedAtOnce() {
        spelled();
        Pipeline pipeline = new Pipeline(List.of(config("spoll")), List.of(), List.of(), List.of());
        shelf.put("m", 1, "d", rows, ModelConfig.DEFAULT.withPipeline(pipeline));

        assertThatThrownBy(() -> engine.infer(text("m", "a")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("spoll")
                .hasMessageContaining("spell");
    }

    @Test
    void whateverAStepThrowsATypedErrorComesOut() {
        step("broken", (tensors, context) -> {
            throw new IllegalStateException("oops");
        });
        Pipeline pipeline = new Pipeline(List.of(config("broken")), List.of(), List.of(), List.of());
        shelf.put("m", 1, "d", rows, ModelConfig.DEFAULT.withPipeline(pipeline));

        assertThatThrownBy(() -> engine.infer(text("m", "a")))
                .isInstanceOf(InternalException.class)
                .hasMessageContaining("broken")
                .hasNoCause();
    }

    @Test
    void modelsAreChainedByTheNamesOfTheirTensors() {
        shelf.put("rows", 1, "d", rows, ModelConfig.DEFAULT);
        ensemble(
                "chain",
                List.of(),
                step("rows", Map.of("x", "number", "word", "spoken"), Map.of("sum", "two", "said", "again")),
                step("rows", Map.of("x", "two", "word", "again"), Map.of("said", "end", "sum", "last")));

        InferenceResult result = engine.infer(InferenceRequest.of("chain", outside()));

        Map<String, Tensor> first = RowModel.compute(RowModel.row(3, "w"));
        Map<String, Tensor> second = RowModel.compute(Map.of("x", first.get("sum"), "word", first.get("said")));
        assertThat(result.outputs()).isEqualTo(Map.of("end", second.get("said"), "last", second.get("sum")));
        assertThat(result.model()).isEqualTo("chain");
        assertThat(result.steps()).extracting(StepTiming::name).containsExactly("rows", "rows");
        ModelSignature signature = engine.signature("chain", VersionSelector.DEFAULT);
        assertThat(signature.inputs())
                .containsExactlyInAnyOrder(
                        new TensorSpec("number", DataType.FP32, -1, -1), new TensorSpec("spoken", DataType.BYTES, -1));
        assertThat(signature.outputs())
                .containsExactlyInAnyOrder(
                        new TensorSpec("end", DataType.BYTES, -1), new TensorSpec("last", DataType.FP32, -1, 2));
        assertThat(signature.batched()).isTrue();
    }

    private static Map<String, Tensor> outside() {
        Map<String, Tensor> row = RowModel.row(3, "w");
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("number", row.get("x"));
        inputs.put("spoken", row.get("word"));
        return inputs;
    }

    @Test
    void aPipelineSaysWhichInputsItTakes() {
        shelf.put("rows", 1, "d", rows, ModelConfig.DEFAULT);
        ensemble("chain", List.of(), step("rows", Map.of("x", "number", "word", "spoken"), Map.of("sum", "two")));

        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("chain", Map.of())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("missing")
                .hasMessageContaining("number");
        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("chain", RowModel.row(1, "w"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aModelThatAPipelineLacksIsNamed() {
        ensemble("chain", List.of(), step("nowhere", Map.of("x", "a"), Map.of("y", "b")));
        Tensor a = Tensor.ofFloats(new long[] {1}, 1);

        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("chain", Map.of("a", a))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void aPipelineThatLeadsBackToItselfIsRefused() {
        ensemble("one", List.of(), step("two", Map.of("a", "a"), Map.of("b", "b")));
        ensemble("two", List.of(), step("one", Map.of("a", "a"), Map.of("b", "b")));
        Tensor a = Tensor.ofFloats(new long[] {1}, 1);

        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("one", Map.of("a", a))))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("one -> two -> one");
        assertThatThrownBy(() -> engine.signature("one", VersionSelector.DEFAULT))
                .isInstanceOf(UnsupportedException.class);
    }

    @Test
    void pipelinesMayBeInOneAnotherButNotWithoutEnd() {
        for (int i = 0; i < 20; i++) {
            ensemble("p" + i, List.of(), step("p" + (i + 1), Map.of("a", "a"), Map.of("b", "b")));
        }
        Tensor a = Tensor.ofFloats(new long[] {1}, 1);

        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("p0", Map.of("a", a))))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("16");
    }

    @Test
    void allStepsHaveThePriorityOfTheRequest() throws Exception {
        RowModel busy = new RowModel(0);
        busy.held = true;
        BatchingInferenceService narrow = new BatchingInferenceService(Configs.of(Map.of("parallel", 1)));
        narrow.bindRegistry(shelf, Map.of());
        shelf.put(
                "busy",
                1,
                "d",
                busy,
                new ModelConfig(
                        "",
                        new VersionPolicy.Latest(1),
                        Map.of(),
                        new Batching(false, 1, Duration.ZERO, List.of()),
                        "",
                        Map.of()));
        ensemble("chain", List.of(), step("busy", Map.of("x", "number", "word", "spoken"), Map.of("sum", "two")));
        callers.submit(() -> narrow.infer(InferenceRequest.of("busy", RowModel.row(1, "w"))));
        await(() -> busy.inside.get() == 1);
        Future<?> plain = callers.submit(() -> narrow.infer(InferenceRequest.of("busy", RowModel.row(2, "w"))));
        await(() -> narrow.waiting("busy", 1) == 1);
        Future<?> urgent = callers.submit(
                () -> narrow.infer(InferenceRequest.of("chain", outside()).withPriority(10_000)));
        await(() -> narrow.waiting("busy", 1) == 2);

        busy.permits.release(2);
        urgent.get();

        assertThat(plain.isDone()).isFalse();
        busy.held = false;
        plain.get();
        narrow.deactivate();
    }

    @Test
    void aLimitOfTimeHoldsForAllStepsTogether() {
        RowModel slow = new RowModel(0);
        slow.held = true;
        shelf.put("rows", 1, "d", rows, ModelConfig.DEFAULT);
        shelf.put("slow", 1, "d", slow, ModelConfig.DEFAULT);
        ensemble(
                "chain",
                List.of(),
                step("rows", Map.of("x", "number", "word", "spoken"), Map.of("sum", "two", "said", "again")),
                step("slow", Map.of("x", "two", "word", "again"), Map.of("sum", "last")));

        assertThatThrownBy(() ->
                        engine.infer(InferenceRequest.of("chain", outside()).withTimeout(Duration.ofMillis(100))))
                .isInstanceOf(TimedOutException.class)
                .hasMessageContaining("100 ms");
        slow.held = false;
    }
}
