package forge.ai.provider.local;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/** Rows of tokens as the inputs of a model; shorter rows are filled up on the right, and masked where there is a mask. */
final class TokenTensors {

    private TokenTensors() {}

    static Map<String, Tensor> of(ModelSignature signature, List<int[]> rows) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (TensorSpec spec : signature.inputs()) {
            inputs.put(spec.name(), tensor(spec, rows));
        }
        return inputs;
    }

    /** The most rows that one computation of this model takes, as far as its signature says. */
    static int maxRows(ModelSignature signature) {
        long batch = signature.inputs().isEmpty()
                ? -1
                : signature.inputs().getFirst().shape()[0];
        return batch < 0 ? Integer.MAX_VALUE : (int) batch;
    }

    private static Tensor tensor(TensorSpec spec, List<int[]> rows) {
        int width = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        return integers(spec, rows.size(), width, (row, at) -> value(spec, rows.get(row), at));
    }

    /**
     * A table of integers as an input.
     *
     * @param values by row and column
     */
    static Tensor integers(TensorSpec spec, int rows, int columns, IntBinaryOperator values) {
        DataType type = spec.type();
        if (type != DataType.INT64 && type != DataType.INT32) {
            throw unsupported(spec);
        }
        ByteBuffer data = Tensor.allocate(type, rows * columns);
        for (int row = 0; row < rows; row++) {
            for (int at = 0; at < columns; at++) {
                int value = values.applyAsInt(row, at);
                if (type == DataType.INT64) {
                    data.putLong(value);
                } else {
                    data.putInt(value);
                }
            }
        }
        return Tensor.of(type, new long[] {rows, columns}, data.flip());
    }

    private static int value(TensorSpec spec, int[] row, int at) {
        boolean real = at < row.length;
        return switch (spec.name()) {
            case "input_ids" -> real ? row[at] : 0;
            case "attention_mask" -> real ? 1 : 0;
            case "position_ids" -> at;
            case "token_type_ids" -> 0;
            default -> throw unsupported(spec);
        };
    }

    private static UnsupportedException unsupported(TensorSpec spec) {
        return new UnsupportedException("the model wants the input " + spec
                + "; those known are input_ids, attention_mask, position_ids and token_type_ids of integers");
    }
}
