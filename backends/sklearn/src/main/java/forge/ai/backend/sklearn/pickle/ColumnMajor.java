package forge.ai.backend.sklearn.pickle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts arrays whose first dimension varies fastest into the order of rows. */
final class ColumnMajor {

    private ColumnMajor() {}

    static byte[] rows(byte[] bytes, int size, int[] shape) {
        byte[] sorted = new byte[bytes.length];
        int[] places = places(shape);
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(bytes, places[i] * size, sorted, i * size, size);
        }
        return sorted;
    }

    static List<?> rows(List<?> list, int[] shape) {
        List<@Nullable Object> sorted = new ArrayList<>();
        for (int place : places(shape)) {
            sorted.add(list.get(place));
        }
        return sorted;
    }

    /** For each element in the order of rows, where it lies. */
    private static int[] places(int[] shape) {
        int[] places = new int[(int) NdArray.count(shape)];
        int[] index = new int[shape.length];
        for (int i = 0; i < places.length; i++) {
            int place = 0;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                place = place * shape[axis] + index[axis];
            }
            places[i] = place;
            for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
                index[axis] = 0;
            }
        }
        return places;
    }
}
