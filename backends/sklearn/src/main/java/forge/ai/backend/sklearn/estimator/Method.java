package forge.ai.backend.sklearn.estimator;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.util.function.Function;

/**
 * Something that can be asked of an estimator, such as {@code predict_proba}.
 *
 * @param type of what it gives
 * @param columns of what it gives: 0 for one value a row; -1 where it depends
 * @param call computes it for some rows
 */
public record Method(DataType type, int columns, Function<Table, Tensor> call) {

    /** @param columns 0 for one number a row, which comes without a second dimension */
    static Method numbers(int columns, Function<Table, Matrix> call) {
        return new Method(DataType.FP64, columns, rows -> tensor(call.apply(rows), columns == 0));
    }

    static Method labels(Labels labels, Function<Table, int[]> call) {
        return new Method(labels.type(), 0, rows -> labels.tensor(call.apply(rows)));
    }

    private static Tensor tensor(Matrix matrix, boolean flat) {
        long[] shape = flat ? new long[] {matrix.rows()} : new long[] {matrix.rows(), matrix.columns()};
        return Results.doubles(shape, matrix.values());
    }

    Method after(Transformer first) {
        return new Method(type, columns, rows -> call.apply(first.transform(rows)));
    }
}
