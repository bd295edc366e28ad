package forge.ai.backend.huggingface;

import ai.djl.huggingface.tokenizers.Encoding;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts as tokens, one row each, filled up to the length of the longest.
 *
 * @param rows as the tokenizer gave them
 * @param owners the numbers of what was asked that the rows belong to
 * @param columns the length of the longest
 * @param encoder that made them
 */
record EncodedTexts(List<Encoding> rows, List<Integer> owners, int columns, TextEncoder encoder) {

    static EncodedTexts of(List<Encoding> rows, List<Integer> owners, TextEncoder encoder) {
        int columns = rows.stream().mapToInt(row -> row.getIds().length).max().orElse(0);
        return new EncodedTexts(List.copyOf(rows), List.copyOf(owners), columns, encoder);
    }

    /** The rows in parts of at most so many. */
    List<EncodedTexts> parts(int most) {
        List<EncodedTexts> parts = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += most) {
            int to = Math.min(rows.size(), from + most);
            parts.add(of(rows.subList(from, to), owners.subList(from, to), encoder));
        }
        return parts;
    }

    /** The text of tokens, without those that are none. */
    String decode(long[] tokens) {
        return encoder.decode(tokens);
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
        long rest = spec.name().equals("input_ids") ? encoder.padding() : 0;
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
