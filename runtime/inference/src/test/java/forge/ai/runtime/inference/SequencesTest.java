package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.TimedOutException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.Sequence;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.Sequencing;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SequencesTest extends ShelfTest {

    private static final List<Sequencing.State> STATE =
            List.of(new Sequencing.State("before", "after", Optional.empty(), Optional.empty()));

    private final Accumulator model = new Accumulator();
    private final ModelConfig config = config(8);
    private Shelf.Placed placed = shelf.put("m", 1, "digest", model, config);

    private static ModelConfig config(int most) {
        return ModelConfig.DEFAULT.withSequences(
                new Sequencing(STATE, most, Duration.ofSeconds(60), Duration.ofSeconds(10)));
    }

    @Override
    void release() {
        model.held = false;
    }

    private static InferenceRequest request(String id, float x, boolean start, boolean end) {
        return InferenceRequest.of("m", Map.of("x", Tensor.ofFloats(new long[] {1, 1}, x)))
                .withSequence(new Sequence(id, start, end));
    }

    private static float sum(InferenceResult result) {
        assertThat(result.outputs()).containsOnlyKeys("y");
        return result.outputs().get("y").toFloats()[0];
    }

    private float ask(String id, float x) {
        return sum(engine.infer(request(id, x, false, false)));
    }

    private float begin(String id, float x) {
        return sum(engine.infer(request(id, x, true, false)));
    }

    @Test
    void theStateGoesFromRequestToRequestOfEachSequence() {
        assertThat(begin("a", 1)).isEqualTo(1);
        assertThat(begin("b", 10)).isEqualTo(10);
        assertThat(ask("a", 2)).isEqualTo(3);
        assertThat(ask("b", 20)).isEqualTo(30);
        assertThat(ask("a", 4)).isEqualTo(7);
        assertThat(sum(engine.infer(request("a", 1, false, false).withOutputs(Set.of("y")))))
                .isEqualTo(8);
    }

    @Test
    void theEndFreesASequence() {
        begin("a", 1);
        assertThat(sum(engine.infer(request("a", 2, false, true)))).isEqualTo(3);

        await(() -> placed.leases.get() == 0);
        assertThatThrownBy(() -> ask("a", 4))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("sequence_start");
    }

    @Test
    void aSequenceMayBeOneRequest() {
        assertThat(sum(engine.infer(request("a", 5, true, true)))).isEqualTo(5);
        await(() -> placed.leases.get() == 0);
    }

    @Test
    void aStartBeginsAnew() {
        begin("a", 1);
        ask("a", 1);

        assertThat(begin("a", 5)).isEqualTo(5);
        await(() -> placed.leases.get() == 1);
    }

    @Test
    void aModelWithAStateAnswersSequencesOnly() {
        assertThatThrownBy(() ->
                        engine.infer(InferenceRequest.of("m", Map.of("x", Tensor.ofFloats(new long[] {1, 1}, 1)))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("sequence_id");
    }

    @Test
    void theStateIsNotSeenFromOutside() {
        var signature = engine.signature("m", VersionSelector.DEFAULT);

        assertThat(signature.inputs()).extracting(TensorSpec::name).containsExactly("x");
        assertThat(signature.outputs()).extracting(TensorSpec::name).containsExactly("y");
    }

    @Test
    void aFailedRequestLeavesTheStateAsItWas() {
        begin("a", 1);
        assertThatThrownBy(() -> ask("a", Float.NaN)).isInstanceOf(InternalException.class);
        assertThatThrownBy(() -> engine.infer(request("a", 1, false, false)
                        .withInputs(Map.of("before", Tensor.ofFloats(new long[] {1, 1}, 3)))))
                .isInstanceOf(InvalidRequestException.class);

        assertThat(ask("a", 2)).isEqualTo(3);
    }

    @Test
    void aFailedStartLeavesNothing() {
        assertThatThrownBy(() -> begin("a", Float.NaN)).isInstanceOf(InternalException.class);

        await(() -> placed.leases.get() == 0);
        assertThatThrownBy(() -> ask("a", 1)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void requestsOfASequenceAreComputedInTheOrderInWhichTheyCame() throws Exception {
        begin("a", 0);
        model.held = true;
        List<Future<InferenceResult>> all = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            all.add(start(request("a", i, false, false)));
            int waiting = i - 1;
            await(() -> model.inside.get() == 1 && engine.waitingInSequence("m", "a") == waiting);
        }

        model.held = false;

        float expected = 0;
        for (int i = 1; i <= 30; i++) {
            expected += i;
            assertThat(sum(all.get(i - 1).get())).isEqualTo(expected);
        }
    }

    @Test
    void oneWhoWaitsForItsTurnKeepsItsLimitOfTime() {
        begin("a", 0);
        model.held = true;
        start(request("a", 1, false, false));
        await(() -> model.inside.get() == 1);

        assertThatThrownBy(() -> engine.infer(request("a", 1, false, false).withTimeout(Duration.ofMillis(50))))
                .isInstanceOf(TimedOutException.class);
    }

    @Test
    void thereAreNoMoreSequencesThanAllowed() {
        for (int i = 0; i < 8; i++) {
            begin("s" + i, i);
        }
        assertThatThrownBy(() -> begin("more", 1)).isInstanceOf(ResourceExhaustedException.class);
        engine.infer(request("s3", 1, false, true));
        assertThat(begin("more", 1)).isEqualTo(1);
    }

    @Test
    void aSequenceStaysWithItsVersionWhileANewerOneServesOthers() {
        begin("a", 1);
        shelf.put("m", 2, "newer", new Accumulator(), config);
        shelf.remove("m", 1);

        InferenceResult result = engine.infer(request("a", 2, false, false));

        assertThat(result.version()).isEqualTo(1);
        assertThat(sum(result)).isEqualTo(3);
        assertThat(engine.infer(request("b", 2, true, true)).version()).isEqualTo(2);
        await(() -> placed.leases.get() == 1);
        assertThat(engine.infer(request("a", 1, false, true)).version()).isEqualTo(1);
        await(() -> placed.leases.get() == 0);
    }

    @Test
    void aSequenceOutlivesTheReplacementOfItsBackend() {
        begin("a", 1);
        // The same files, loaded by another.
        Shelf.Placed next = shelf.put("m", 1, "digest", new Accumulator(), config);

        await(() -> placed.leases.get() == 0);

        assertThat(ask("a", 2)).isEqualTo(3);
        await(() -> next.leases.get() == 1);
    }

    @Test
    void aSequenceOutlivesAModelThatIsClosedInAHurry() {
        begin("a", 1);
        shelf.put("m", 1, "digest", new Accumulator(), config);
        model.close();

        assertThat(ask("a", 2)).isEqualTo(3);
    }

    @Test
    void idleSequencesEndAndSoDoThoseOfAModelThatIsUnloaded() {
        AtomicLong now = new AtomicLong();
        Models models = new Models();
        models.add(shelf, Map.of());
        try (Sequences sequences = new Sequences(models, now::get)) {
            one(sequences, "idle", true);
            one(sequences, "busy", true);
            now.addAndGet(Duration.ofSeconds(50).toNanos());
            one(sequences, "busy", false);
            now.addAndGet(Duration.ofSeconds(20).toNanos());
            sequences.sweep();
            assertThat(sequences.count()).isEqualTo(1);

            shelf.remove("m", 1);
            sequences.sweep();
            now.addAndGet(Duration.ofSeconds(9).toNanos());
            one(sequences, "busy", false);
            sequences.sweep();
            assertThat(sequences.count()).isEqualTo(1);
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            sequences.sweep();
            assertThat(sequences.count()).isZero();
            assertThat(placed.leases.get()).isZero();
        }
    }

    private static void one(Sequences sequences, String id, boolean start) {
        InferenceRequest request = request(id, 1, start, false);
        sequences.inTurn(
                request,
                request.sequence().orElseThrow(),
                Limit.NONE,
                turn -> new InferenceResult("m", 1, Map.of(), Duration.ZERO, Duration.ZERO, 1));
    }
}
