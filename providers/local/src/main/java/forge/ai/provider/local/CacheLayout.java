package forge.ai.provider.local;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a causal model takes the keys and values of the tokens before, and gives them with those of the new tokens: the
 * names and shapes {@code [sequences, heads, tokens, size]} that Optimum exports.
 *
 * @param entries a tensor of keys or values each
 * @param inputs what else goes in
 * @param pads whether sequences of different lengths may be computed together: only where the model is told which
 *     tokens to look at and where each one stands
 * @param branches whether the model computes in another way where there are no tokens before: then it takes a whole
 *     prompt at once and later one token at a time
 */
record CacheLayout(List<Entry> entries, List<TensorSpec> inputs, boolean pads, boolean branches) {

    private static final String PAST = "past_key_values.";
    private static final String BRANCH = "use_cache_branch";
    private static final String LOGITS_KEPT = "num_logits_to_keep";
    private static final Set<String> KNOWN =
            Set.of("input_ids", "attention_mask", "position_ids", "token_type_ids", BRANCH, LOGITS_KEPT);

    /**
     * The keys or the values of one layer.
     *
     * @param size the numbers of one token in one head
     */
    record Entry(String past, String present, DataType type, int heads, int size) {

        /** The bytes of one token in one head, which lie together. */
        int stride() {
            return size * type.bytes();
        }

        long[] shape(int sequences, int tokens) {
            return new long[] {sequences, heads, tokens, size};
        }
    }

    CacheLayout {
        entries = List.copyOf(entries);
        inputs = List.copyOf(inputs);
    }

    /** Empty if the model keeps nothing. */
    static Optional<CacheLayout> of(ModelSignature signature, HubFiles.Heads heads) {
        List<Entry> entries = new ArrayList<>();
        List<TensorSpec> others = new ArrayList<>();
        for (TensorSpec input : signature.inputs()) {
            if (input.name().startsWith(PAST)) {
                entries.add(entry(input, signature, heads));
            } else {
                others.add(input);
            }
        }
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        others.stream()
                .filter(input -> !KNOWN.contains(input.name()))
                .findFirst()
                .ifPresent(input -> {
                    throw new UnsupportedException("the model wants the input " + input + "; those known are " + KNOWN
                            + " and " + PAST + "LAYER.key and .value");
                });
        boolean pads = has(others, "attention_mask") && has(others, "position_ids");
        return Optional.of(new CacheLayout(entries, others, pads, has(others, BRANCH)));
    }

    private static boolean has(List<TensorSpec> inputs, String name) {
        return inputs.stream().anyMatch(input -> input.name().equals(name));
    }

    private static Entry entry(TensorSpec input, ModelSignature signature, HubFiles.Heads heads) {
        long[] shape = input.shape();
        if (shape.length != 4) {
            throw new UnsupportedException(
                    "the model keeps " + input + "; expected are [sequences, heads, tokens, size]");
        }
        String rest = input.name().substring(PAST.length());
        String present = List.of("present." + rest, "present_key_values." + rest).stream()
                .filter(name -> signature.output(name).isPresent())
                .findFirst()
                .orElseThrow(() -> new UnsupportedException(
                        "the model wants " + input.name() + " and does not give present." + rest));
        int count = shape[1] > 0 ? (int) shape[1] : heads.count();
        int size = shape[3] > 0 ? (int) shape[3] : heads.size();
        if (count <= 0 || size <= 0) {
            throw new UnsupportedException("neither the model nor its config.json says how many heads of what size "
                    + input.name() + " has: num_key_value_heads, num_attention_heads, hidden_size, head_dim");
        }
        return new Entry(input.name(), present, input.type(), count, size);
    }

    /** The memory of one token of one sequence. */
    long bytesOfToken() {
        return entries.stream().mapToLong(e -> (long) e.heads() * e.stride()).sum();
    }

    /** Whether as many tokens fit into tensors, which have 2 GiB at most. */
    boolean fits(long tokens) {
        return entries.stream().allMatch(e -> tokens * e.heads() * e.stride() <= Integer.MAX_VALUE);
    }
}
