package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is computed of shapes and limits, without a model. */
class CachedStepTest {

    private static final TensorSpec LOGITS = new TensorSpec("logits", DataType.FP32, -1, -1, 100);

    @Test
    void headsThatTheGraphLeavesOpenAreThoseOfTheConfiguration() throws Exception {
        CacheLayout layout = CacheLayout.of(
                        signature(-1, -1, "input_ids", "attention_mask", "position_ids"), heads("""
                                {"num_attention_heads": 32, "num_key_value_heads": 8, "hidden_size": 4096}"""))
                .orElseThrow();

        assertThat(layout.entries())
                .containsExactly(
                        new CacheLayout.Entry("past_key_values.0.key", "present.0.key", DataType.FP16, 8, 128),
                        new CacheLayout.Entry("past_key_values.0.value", "present.0.value", DataType.FP16, 8, 128));
        assertThat(layout.bytesOfToken()).isEqualTo(2 * 8 * 128 * 2);
        assertThat(layout.pads()).isTrue();
    }

    @Test
    void theGraphCountsMoreThanTheConfiguration() throws Exception {
        CacheLayout layout = CacheLayout.of(signature(2, 64, "input_ids", "attention_mask"), heads("""
                                {"n_head": 16, "n_embd": 1024, "head_dim": 32}"""))
                .orElseThrow();

        assertThat(layout.entries().getFirst().heads()).isEqualTo(2);
        assertThat(layout.entries().getFirst().size()).isEqualTo(64);
        assertThat(layout.pads()).isFalse();
    }

    @Test
    void whatIsNotKnownIsRefused() throws Exception {
        assertThat(CacheLayout.of(new ModelSignature(List.of(), List.of(LOGITS), true, Map.of()), heads("{}")))
                .isEmpty();
        assertThatThrownBy(() -> CacheLayout.of(signature(-1, -1, "input_ids"), heads("{}")))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("num_key_value_heads");
        assertThatThrownBy(() -> CacheLayout.of(signature(2, 2, "input_ids", "pixel_values"), heads("{}")))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("pixel_values");
    }

    @Test
    void memoryBoundsTheWindowAndWhatIsGeneratedTogether() throws Exception {
        ModelSignature signature = signature(8, 128, "input_ids", "attention_mask", "position_ids");
        CacheLayout layout = CacheLayout.of(signature, heads("{}")).orElseThrow();
        // A token takes 4 KiB: 256 of them are one mebibyte.
        CachedStep step = new CachedStep(layout, signature, 1 << 20, () -> new Limits(8, 2048, 512, 1, 8));

        assertThat(step.mostTokens()).isEqualTo(256);
        assertThat(step.admits(List.of(), sequence(256))).isTrue();
        assertThat(step.admits(List.of(sequence(128)), sequence(128))).isTrue();
        assertThat(step.admits(List.of(sequence(20)), sequence(129))).isFalse();
        assertThat(step.admits(List.of(sequence(64), sequence(64), sequence(64)), sequence(64)))
                .isTrue();
        assertThat(step.admits(List.of(sequence(64), sequence(65), sequence(64)), sequence(64)))
                .isFalse();
    }

    /** One that can have as many tokens. */
    private static Sequence sequence(int mostTokens) {
        int[] prompt = {1};
        Generation generation = new Generation(
                prompt,
                new Generation.Rules(mostTokens - 1, Set.of(), OptionalInt.empty(), Optional.empty()),
                new Sampler(Sampling.GREEDY, prompt),
                new AnswerText(new WindowDetokenizer(ids -> "", List.of()), new StopSequences(List.of())),
                new AnswerForm(AnswerForm.Kind.PLAIN, "", new Random()),
                new Generation.Tokens() {
                    @Override
                    public String text(int token) {
                        return "";
                    }

                    @Override
                    public byte[] bytes(int token) {
                        return new byte[0];
                    }
                });
        return new Sequence(generation, null);
    }

    private static HubFiles.Heads heads(String config) throws Exception {
        return HubFiles.Heads.of(new ObjectMapper().readTree(config));
    }

    private static ModelSignature signature(int heads, int size, String... inputs) {
        List<TensorSpec> in = new ArrayList<>();
        for (String input : inputs) {
            in.add(new TensorSpec(input, DataType.INT64, -1, -1));
        }
        List<TensorSpec> out = new ArrayList<>(List.of(LOGITS));
        for (String kind : List.of("key", "value")) {
            in.add(new TensorSpec("past_key_values.0." + kind, DataType.FP16, -1, heads, -1, size));
            out.add(new TensorSpec("present.0." + kind, DataType.FP16, -1, heads, -1, size));
        }
        return new ModelSignature(in, out, true, Map.of());
    }
}
