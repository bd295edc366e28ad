package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers for categories: one column for each category, or one number for each. */
final class CategoryEncoder {

    /** The categories of one column and their places. NaN and None are the same missing one. */
    private record Categories(Map<@Nullable Object, Integer> places, boolean texts, int size) {

        static Categories of(NdArray array) {
            Map<@Nullable Object, Integer> places = new HashMap<>();
            List<@Nullable Object> elements = array.elements();
            for (int i = 0; i < elements.size(); i++) {
                places.put(key(elements.get(i)), i);
            }
            return new Categories(places, array.texts(), elements.size());
        }

        private static @Nullable Object key(@Nullable Object value) {
            if (value instanceof Number number) {
                double x = number.doubleValue();
                return Double.isNaN(x) ? null : (Object) (x == 0 ? 0.0 : x);
            }
            return value instanceof Boolean flag ? (Object) (flag ? 1.0 : 0.0) : value;
        }

        /** -1 if it was not seen in training. */
        int place(Frame.Column column, int row) {
            return places.getOrDefault(key(value(column, row)), -1);
        }

        static Object value(Frame.Column column, int row) {
            return switch (column) {
                case Frame.Numbers numbers -> numbers.values()[row];
                case Frame.Texts texts -> texts.values().get(row);
            };
        }
    }

    private final List<Categories> columns = new ArrayList<>();
    private final Inputs inputs;
    private final boolean refuses;

    private CategoryEncoder(PyObject model) {
        List<Inputs.Column> named = new ArrayList<>();
        List<@Nullable Object> names =
                model.findArray("feature_names_in_").map(NdArray::elements).orElse(List.of());
        for (Object array : model.list("categories_")) {
            Categories categories = Categories.of((NdArray) array);
            String name = columns.size() < names.size() ? String.valueOf(names.get(columns.size())) : "";
            named.add(new Inputs.Column(name, categories.texts()));
            columns.add(categories);
        }
        inputs = named.stream().anyMatch(Inputs.Column::texts)
                ? new Inputs.Columns(named)
                : new Inputs.Numbers(columns.size());
        refuses = model.text("handle_unknown", "error").equals("error");
        if (model.flag("_infrequent_enabled", false)
                && model.find("_infrequent_indices")
                        .filter(CategoryEncoder::any)
                        .isPresent()) {
            throw new UnsupportedException(model.simpleType() + " with infrequent categories is not computed");
        }
    }

    private static boolean any(Object indices) {
        return indices instanceof List<?> list && list.stream().anyMatch(i -> i != null);
    }

    private int place(Frame rows, int row, int column) {
        int place = columns.get(column).place(rows.list().get(column), row);
        if (place < 0 && refuses) {
            throw new InvalidRequestException(
                    "column %d holds a category in row %d that the model was not trained with".formatted(column, row));
        }
        return place;
    }

    static Fitted oneHot(PyObject object) {
        CategoryEncoder encoder = new CategoryEncoder(object);
        List<?> dropped = object.findArray("drop_idx_").map(NdArray::elements).orElse(List.of());
        int[] starts = new int[encoder.columns.size() + 1];
        int[] drops = new int[encoder.columns.size()];
        for (int i = 0; i < drops.length; i++) {
            drops[i] = i < dropped.size() && dropped.get(i) instanceof Number n ? n.intValue() : -1;
            starts[i + 1] = starts[i] + encoder.columns.get(i).size() - (drops[i] >= 0 ? 1 : 0);
        }
        return Fitted.transformer(encoder.inputs, table -> {
            Frame rows = Frame.of(table);
            Matrix flags = new Matrix(rows.rows(), starts[drops.length]);
            for (int row = 0; row < rows.rows(); row++) {
                for (int column = 0; column < drops.length; column++) {
                    int place = encoder.place(rows, row, column);
                    if (place >= 0 && place != drops[column]) {
                        int shift = drops[column] >= 0 && place > drops[column] ? 1 : 0;
                        flags.put(row, starts[column] + place - shift, 1);
                    }
                }
            }
            return flags;
        });
    }

    static Fitted ordinal(PyObject object) {
        CategoryEncoder encoder = new CategoryEncoder(object);
        double unknown = object.number("unknown_value", Double.NaN);
        double missing = object.number("encoded_missing_value", Double.NaN);
        return Fitted.transformer(encoder.inputs, table -> {
            Frame rows = Frame.of(table);
            Matrix codes = new Matrix(rows.rows(), encoder.columns.size());
            for (int row = 0; row < rows.rows(); row++) {
                for (int column = 0; column < codes.columns(); column++) {
                    int place = encoder.place(rows, row, column);
                    boolean absent = Categories.key(Categories.value(rows.list().get(column), row)) == null;
                    codes.put(row, column, place < 0 ? unknown : absent ? missing : place);
                }
            }
            return codes;
        });
    }
}
