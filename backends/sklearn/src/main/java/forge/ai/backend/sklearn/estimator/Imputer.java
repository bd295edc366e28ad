package forge.ai.backend.sklearn.estimator;

import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** Fills in what is missing: NaN or a number among numbers, a certain text among texts. */
final class Imputer {

    private final List<@Nullable Object> fillings;
    private final DoublePredicate missing;
    private final @Nullable Object missingText;
    private final boolean keepsEmpty;
    /** Columns for which a flag is added that says whether the value was missing. */
    private final long[] flagged;

    private Imputer(PyObject model) {
        fillings = model.array("statistics_").elements();
        Object value = model.find("missing_values").orElse(null);
        missing = value instanceof Number number && !Double.isNaN(number.doubleValue())
                ? x -> x == number.doubleValue()
                : Double::isNaN;
        missingText = value instanceof String ? value : null;
        keepsEmpty = model.flag("keep_empty_features", false);
        flagged = model.findObject("indicator_")
                .map(indicator -> indicator.array("features_").longs())
                .orElse(new long[0]);
    }

    static Fitted of(PyObject object) {
        Imputer imputer = new Imputer(object);
        boolean texts = imputer.fillings.stream().anyMatch(String.class::isInstance);
        if (!texts) {
            return Fitted.transformer(new Inputs.Numbers(imputer.fillings.size()), imputer::transform);
        }
        List<@Nullable Object> names =
                object.findArray("feature_names_in_").map(NdArray::elements).orElse(List.of());
        List<Inputs.Column> columns = new ArrayList<>();
        for (int i = 0; i < imputer.fillings.size(); i++) {
            String name = i < names.size() ? String.valueOf(names.get(i)) : "";
            columns.add(new Inputs.Column(name, imputer.fillings.get(i) instanceof String));
        }
        return Fitted.transformer(new Inputs.Columns(columns), imputer::transform);
    }

    private Table transform(Table table) {
        Frame rows = Frame.of(table);
        List<Frame.Column> columns = new ArrayList<>();
        for (int i = 0; i < fillings.size(); i++) {
            Frame.Column column = rows.list().get(i);
            if (keepsEmpty || !(fillings.get(i) instanceof Double d && d.isNaN())) {
                columns.add(filled(column, fillings.get(i)));
            }
        }
        for (long column : flagged) {
            columns.add(flags(rows.list().get((int) column)));
        }
        Frame filled = new Frame(rows.rows(), columns);
        return columns.stream().allMatch(Frame.Numbers.class::isInstance) ? filled.dense() : filled;
    }

    private Frame.Column filled(Frame.Column column, @Nullable Object filling) {
        return switch (column) {
            case Frame.Numbers numbers -> {
                double[] values = numbers.values().clone();
                for (int row = 0; row < values.length; row++) {
                    if (missing.test(values[row])) {
                        values[row] =
                                filling instanceof Number n && !Double.isNaN(n.doubleValue()) ? n.doubleValue() : 0;
                    }
                }
                yield new Frame.Numbers(values);
            }
            case Frame.Texts texts ->
                new Frame.Texts(texts.values().stream()
                        .map(text -> text.equals(missingText) ? String.valueOf(filling) : text)
                        .toList());
        };
    }

    private Frame.Numbers flags(Frame.Column column) {
        return switch (column) {
            case Frame.Numbers numbers -> {
                double[] flags = new double[numbers.values().length];
                for (int row = 0; row < flags.length; row++) {
                    flags[row] = missing.test(numbers.values()[row]) ? 1 : 0;
                }
                yield new Frame.Numbers(flags);
            }
            case Frame.Texts texts ->
                new Frame.Numbers(texts.values().stream()
                        .mapToDouble(text -> text.equals(missingText) ? 1 : 0)
                        .toArray());
        };
    }
}
