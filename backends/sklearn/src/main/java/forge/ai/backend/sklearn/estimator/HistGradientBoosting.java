package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Histogram-based gradient boosting. */
final class HistGradientBoosting {

    /** The trees of each round, one for each score. */
    private final List<List<HistogramTree>> rounds = new ArrayList<>();

    private final double[] baseline;
    private final boolean[][] known;
    private final Inputs inputs;
    private final Transformer first;

    private HistGradientBoosting(PyObject model, Estimators estimators) {
        int features = (int) model.number("n_features_in_", -1);
        for (Object round : model.list("_predictors")) {
            List<HistogramTree> trees = new ArrayList<>();
            for (Object tree : (List<?>) round) {
                trees.add(new HistogramTree((PyObject) tree, features));
            }
            rounds.add(List.copyOf(trees));
        }
        if (rounds.isEmpty()
                || rounds.stream().anyMatch(r -> r.size() != rounds.getFirst().size())) {
            throw new InvalidRequestException("gradient boosting without trees");
        }
        baseline = model.findArray("_baseline_prediction").map(NdArray::doubles).orElseGet(() ->
                new double[] {model.number("_baseline_prediction")});
        known = known(model, Math.max(0, features));
        Fitted preprocessor =
                model.findObject("_preprocessor").map(estimators::of).orElse(null);
        first = preprocessor == null ? rows -> rows : preprocessor.step();
        inputs = preprocessor == null ? Estimators.numbers(model) : preprocessor.inputs();
    }

    private static boolean[][] known(PyObject model, int features) {
        boolean[][] known = new boolean[features][];
        model.findObject("_bin_mapper")
                .filter(m -> m.find("known_categories").isPresent())
                .ifPresent(mapper -> {
                    List<?> categories = mapper.list("known_categories");
                    for (int i = 0; i < Math.min(features, categories.size()); i++) {
                        if (categories.get(i) instanceof NdArray array) {
                            known[i] = HistogramTree.known(array.doubles());
                        }
                    }
                });
        return known;
    }

    private Matrix raw(Table table) {
        Matrix rows = first.transform(table).dense();
        int scores = rounds.getFirst().size();
        Matrix raw = new Matrix(rows.rows(), scores);
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = 0; i < scores; i++) {
                double sum = baseline[baseline.length == 1 ? 0 : i];
                for (List<HistogramTree> round : rounds) {
                    sum += round.get(i).value(rows, row, known);
                }
                raw.put(row, i, sum);
            }
        }
        return raw;
    }

    static Fitted classifier(PyObject object, Estimators estimators) {
        HistGradientBoosting model = new HistGradientBoosting(object, estimators);
        Labels labels = Labels.of(object.array("classes_"));
        if (model.rounds.getFirst().size() != (labels.size() == 2 ? 1 : labels.size())) {
            throw new InvalidRequestException("gradient boosting whose trees do not fit its classes");
        }
        return Fitted.predictor(model.inputs, Boosting.classifying(labels, 1, model::raw));
    }

    static Fitted regressor(PyObject object, Estimators estimators) {
        HistGradientBoosting model = new HistGradientBoosting(object, estimators);
        boolean logarithmic = switch (object.text("loss", "squared_error")) {
            case "squared_error", "absolute_error", "quantile" -> false;
            case "poisson", "gamma" -> true;
            default ->
                throw new UnsupportedException(
                        "histogram boosting with the loss " + object.text("loss", "") + " is not computed");
        };
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.numbers(0, rows -> logarithmic ? exponential(model.raw(rows)) : model.raw(rows)));
        return Fitted.predictor(model.inputs, methods);
    }

    private static Matrix exponential(Matrix matrix) {
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = Math.exp(matrix.values()[i]);
        }
        return matrix;
    }
}
