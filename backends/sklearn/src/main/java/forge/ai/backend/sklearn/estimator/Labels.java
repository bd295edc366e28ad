package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.sklearn.pickle.NdArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The classes that a classifier tells apart, in its order. */
final class Labels {

    private final DataType type;
    private final List<@Nullable Object> values;

    private Labels(DataType type, List<@Nullable Object> values) {
        this.type = type;
        this.values = values;
    }

    static Labels of(NdArray classes) {
        if (classes.texts()) {
            return new Labels(DataType.BYTES, classes.elements());
        }
        return switch (classes.type().kind()) {
            case 'i', 'u' -> new Labels(DataType.INT64, classes.elements());
            case 'f' -> new Labels(DataType.FP64, classes.elements());
            case 'b' -> new Labels(DataType.BOOL, classes.elements());
            default ->
                throw new InvalidRequestException(
                        "classes of a kind that is not known: " + classes.type().kind());
        };
    }

    int size() {
        return values.size();
    }

    DataType type() {
        return type;
    }

    /** The place of a class among these; -1 if it is none of them. */
    int indexOf(@Nullable Object label) {
        return values.indexOf(label);
    }

    @Nullable
    Object label(int index) {
        return values.get(index);
    }

    /** The class of each row. */
    Tensor tensor(int[] indices) {
        long[] shape = {indices.length};
        switch (type) {
            case BYTES -> {
                List<String> texts = new ArrayList<>();
                for (int index : indices) {
                    texts.add(String.valueOf(values.get(index)));
                }
                return Tensor.ofStrings(shape, texts);
            }
            case INT64 -> {
                long[] numbers = new long[indices.length];
                for (int i = 0; i < indices.length; i++) {
                    numbers[i] = number(indices[i]).longValue();
                }
                return Results.longs(shape, numbers);
            }
            case FP64 -> {
                double[] numbers = new double[indices.length];
                for (int i = 0; i < indices.length; i++) {
                    numbers[i] = number(indices[i]).doubleValue();
                }
                return Results.doubles(shape, numbers);
            }
            default -> {
                var bytes = Tensor.allocate(DataType.BOOL, indices.length);
                for (int index : indices) {
                    bytes.put((byte) (Boolean.TRUE.equals(values.get(index)) ? 1 : 0));
                }
                return Tensor.of(DataType.BOOL, shape, bytes.flip());
            }
        }
    }

    private Number number(int index) {
        return values.get(index) instanceof Number number ? number : Double.NaN;
    }
}
