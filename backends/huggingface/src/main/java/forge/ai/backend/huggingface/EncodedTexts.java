package forge.ai.backend.huggingface;

import ai.djl.huggingface.tokenizers.Encoding;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts as tokens, one row each, filled up to the length of the longest.
 *
 * @param rows as the tokenizer gave them
 * @param columns the length of the longest
 * @param padding the token to fill up with
 */
record EncodedTexts(List<Encoding> rows, int columns, long padding) {

    static EncodedTexts of(List<Encoding> rows, long padding) {
        int columns = rows.stream().mapToInt(row -> row.getIds().length).max().orElse(0);
        return new EncodedTexts(List.copyOf(rows), columns, padding);
    }

    /** What a network takes for these; its inputs are among those that {@link TextEncoder} knows. */
    Map<String, Tensor> tensors(List<TensorSpec> inputs) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : inputs) {
            ByteBuffer numbers = ByteBuffer.allocate(
                            rows.size() * columns * spec.type().bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (Encoding row : rows) {
                fill(numbers, spec, row);
            }
            tensors.put(spec.name(), Tensor.of(spec.type(), new long[] {rows.size(), columns}, numbers.flip()));
        }
        return tensors;
    }

    private void fill(ByteBuffer numbers, TensorSpec spec, Encoding row) {
        long[] values = values(spec.name(), row);
        long rest = spec.name().equals("input_ids") ? padding : 0;
        for (int i = 0; i < columns; i++) {
            long value = i < values.length ? values[i] : rest;
            if (spec.type() == DataType.INT32) {
                numbers.putInt((int) value);
            } else {
                numbers.putLong(value);
            }
        }
    }

    private static long[] values(String input, Encoding row) {
        return switch (input) {
            case "input_ids" -> row.getIds();
            case "attention_mask" -> row.getAttentionMask();
            case "token_type_ids" -> row.getTypeIds();
            default -> throw new IllegalArgumentException(input);
        };
    }
}
