package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/** Trees that each correct the sum of those before, on top of a first guess. */
final class GradientBoosting {

    /** Shares of classes are kept this far from 0 and 1 before their logarithm is taken. */
    private static final double LEAST_SHARE = Math.ulp(1f);

    /** The trees of each round, one for each score. */
    private final List<List<DecisionTree>> rounds = new ArrayList<>();

    private final int scores;
    private final double rate;
    private final Function<Table, Matrix> guess;

    private GradientBoosting(PyObject model, Function<Table, Matrix> guess) {
        NdArray trees = model.array("estimators_");
        scores = trees.dimension(1);
        List<DecisionTree> all = DecisionTree.all(trees.elements());
        if (scores == 0 || all.isEmpty()) {
            throw new InvalidRequestException("gradient boosting without trees");
        }
        for (int i = 0; i < all.size(); i += scores) {
            rounds.add(all.subList(i, i + scores));
        }
        rate = model.number("learning_rate");
        this.guess = guess;
    }

    private Inputs inputs() {
        return new Inputs.Numbers(rounds.getFirst().getFirst().features());
    }

    private Matrix raw(Table table) {
        Matrix rows = table.dense();
        Matrix raw = guess.apply(rows);
        for (List<DecisionTree> round : rounds) {
            for (int i = 0; i < scores; i++) {
                DecisionTree tree = round.get(i);
                for (int row = 0; row < rows.rows(); row++) {
                    raw.put(row, i, raw.at(row, i) + rate * tree.value(tree.leaf(rows, row), 0));
                }
            }
        }
        return raw;
    }

    static Fitted regressor(PyObject object, Estimators estimators) {
        GradientBoosting model = new GradientBoosting(object, firstValues(object, estimators));
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.numbers(0, model::raw));
        return Fitted.predictor(model.inputs(), methods);
    }

    private static Function<Table, Matrix> firstValues(PyObject object, Estimators estimators) {
        if (object.findObject("init_").isEmpty()) {
            return rows -> new Matrix(rows.rows(), 1);
        }
        PyObject init = object.object("init_");
        if (init.simpleType().equals("DummyRegressor")) {
            double constant = init.array("constant_").doubles()[0];
            return rows -> filled(rows.rows(), new double[] {constant});
        }
        Fitted first = estimators.of(init);
        return rows -> new Matrix(rows.rows(), 1, first.predictions(rows));
    }

    private static Matrix filled(int rows, double[] values) {
        Matrix matrix = new Matrix(rows, values.length);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values, 0, matrix.values(), row * values.length, values.length);
        }
        return matrix;
    }

    static Fitted classifier(PyObject object, Estimators estimators) {
        Labels labels = Labels.of(object.array("classes_"));
        boolean exponential = object.text("loss", "log_loss").equals("exponential");
        GradientBoosting model = new GradientBoosting(object, firstScores(object, labels.size(), exponential));
        if (model.scores != (labels.size() == 2 ? 1 : labels.size())) {
            throw new InvalidRequestException("gradient boosting whose trees do not fit its classes");
        }
        return Fitted.predictor(model.inputs(), Boosting.classifying(labels, exponential ? 2 : 1, model::raw));
    }

    private static Function<Table, Matrix> firstScores(PyObject object, int classes, boolean exponential) {
        int scores = classes == 2 ? 1 : classes;
        if (object.findObject("init_").isEmpty()) {
            return rows -> new Matrix(rows.rows(), scores);
        }
        PyObject init = object.object("init_");
        if (!init.simpleType().equals("DummyClassifier")
                || !init.text("strategy", "").equals("prior")) {
            throw new UnsupportedException(
                    "gradient boosting that begins with " + init.simpleType() + " is not computed");
        }
        double[] shares = init.array("class_prior_").doubles();
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.clamp(shares[i], LEAST_SHARE, 1 - LEAST_SHARE);
        }
        double[] first = classes == 2
                ? new double[] {Math.log(shares[1] / (1 - shares[1])) * (exponential ? 0.5 : 1)}
                : logarithms(shares, centred(object));
        return rows -> filled(rows.rows(), first);
    }

    /** Since 1.4 the first scores of several classes sum to zero. */
    private static boolean centred(PyObject object) {
        return object.findObject("_loss")
                .filter(loss -> loss.type().startsWith("sklearn._loss"))
                .isPresent();
    }

    private static double[] logarithms(double[] shares, boolean centred) {
        double[] logs = new double[shares.length];
        double mean = 0;
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.log(shares[i]);
            mean += logs[i] / logs.length;
        }
        for (int i = 0; i < logs.length && centred; i++) {
            logs[i] -= mean;
        }
        return logs;
    }
}
