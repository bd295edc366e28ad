package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Transformers that each see some of the columns; what they make is put side by side. */
final class ColumnTransformer {

    /** A transformer and the columns that it sees. */
    private record Part(Transformer transformer, int[] columns) {}

    private final List<String> names;
    private final int width;
    private final List<Part> parts = new ArrayList<>();
    private final TreeSet<Integer> texts = new TreeSet<>();

    private ColumnTransformer(PyObject model, Estimators estimators) {
        names = model.findArray("feature_names_in_")
                .map(array -> array.elements().stream().map(String::valueOf).toList())
                .orElse(List.of());
        width = model.integer("n_features_in_");
        Map<?, ?> weights = model.find("transformer_weights")
                .filter(Map.class::isInstance)
                .map(w -> (Map<?, ?>) w)
                .orElse(Map.of());
        for (Object entry : model.list("transformers_")) {
            List<?> part = (List<?>) entry;
            int[] columns = columns(part.get(2));
            if (columns.length > 0 && part.get(1) instanceof PyObject estimator) {
                Fitted fitted = estimators.of(estimator);
                noteTexts(fitted.inputs(), columns);
                parts.add(new Part(Composition.weighted(fitted.step(), weights.get(part.get(0))), columns));
            } else if (columns.length > 0 && "passthrough".equals(part.get(1))) {
                parts.add(new Part(rows -> rows, columns));
            } else if (columns.length > 0 && !"drop".equals(part.get(1))) {
                throw new InvalidRequestException("a ColumnTransformer with a part that is no estimator");
            }
        }
        if (parts.isEmpty()) {
            throw new InvalidRequestException("a ColumnTransformer that keeps no column");
        }
    }

    private void noteTexts(Inputs inputs, int[] columns) {
        switch (inputs) {
            case Inputs.Numbers numbers -> {}
            case Inputs.Texts text -> texts.add(columns[0]);
            case Inputs.Columns kinds -> {
                for (int i = 0; i < Math.min(columns.length, kinds.columns().size()); i++) {
                    if (kinds.columns().get(i).texts()) {
                        texts.add(columns[i]);
                    }
                }
            }
        }
    }

    /** Columns are given as a place or a name, a list of them, a slice, or a flag for each. */
    private int[] columns(@Nullable Object given) {
        List<?> list = switch (given) {
            case NdArray array -> array.elements();
            case List<?> several -> several;
            case PyObject object when object.simpleType().equals("slice") -> slice(object.arguments());
            case PyObject object when object.simpleType().equals("_RemainderColsList") -> object.list("data");
            case String name -> List.of(name);
            case Long place -> List.of(place);
            case null, default ->
                throw new UnsupportedException("columns that are chosen by a function are not computed");
        };
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            switch (list.get(i)) {
                case Boolean flag -> {
                    if (flag) {
                        places.add(i);
                    }
                }
                case Long place -> places.add((int) (place < 0 ? place + width : place));
                case String name -> places.add(names.indexOf(name));
                case null, default -> throw new InvalidRequestException("a column that is neither place nor name");
            }
        }
        int[] columns = places.stream().mapToInt(Integer::intValue).toArray();
        for (int column : columns) {
            if (column < 0 || column >= width) {
                throw new InvalidRequestException("a column that is not there");
            }
        }
        return columns;
    }

    private List<Object> slice(List<?> bounds) {
        long from = bounds.get(0) instanceof Long start ? start : 0;
        long to = bounds.get(1) instanceof Long stop ? stop : width;
        if (bounds.size() > 2 && bounds.get(2) != null || from < 0 || to > width) {
            throw new UnsupportedException(
                    "columns that are chosen by a slice with steps, or from the end, are not computed");
        }
        List<Object> places = new ArrayList<>();
        for (long place = from; place < to; place++) {
            places.add(place);
        }
        return places;
    }

    static Fitted of(PyObject object, Estimators estimators) {
        ColumnTransformer transformer = new ColumnTransformer(object, estimators);
        return Fitted.transformer(transformer.inputs(), transformer::transform);
    }

    private Inputs inputs() {
        if (names.isEmpty() && texts.isEmpty()) {
            return new Inputs.Numbers(width);
        }
        List<Inputs.Column> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(new Inputs.Column(names.isEmpty() ? "" : names.get(i), texts.contains(i)));
        }
        return new Inputs.Columns(columns);
    }

    private Table transform(Table rows) {
        return Tables.beside(
                parts.stream()
                        .map(part -> part.transformer().transform(Tables.select(rows, part.columns())))
                        .toList(),
                rows.rows());
    }
}
