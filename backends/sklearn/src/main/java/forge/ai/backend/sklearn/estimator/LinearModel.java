package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.LinkedHashMap;

/** Scores that are linear in the features: one a row and target or class. */
final class LinearModel {

    private final Matrix coefficients;
    private final double[] intercepts;

    private LinearModel(PyObject model) {
        coefficients = Matrix.of(model.find("coef_")
                .orElseThrow(
                        () -> new InvalidRequestException(model.simpleType() + " has no coef_: it is not fitted")));
        double[] known = model.findArray("intercept_").map(NdArray::doubles).orElseGet(() ->
                new double[] {model.number("intercept_", 0)});
        intercepts = new double[coefficients.rows()];
        for (int i = 0; i < intercepts.length; i++) {
            intercepts[i] = known[known.length == 1 ? 0 : i];
        }
    }

    private Matrix scores(Table rows) {
        if (rows instanceof SparseMatrix sparse) {
            Matrix scores = new Matrix(rows.rows(), coefficients.rows());
            for (int row = 0; row < scores.rows(); row++) {
                for (int i = 0; i < scores.columns(); i++) {
                    scores.put(row, i, sparse.dot(row, coefficients, i) + intercepts[i]);
                }
            }
            return scores;
        }
        Matrix dense = rows.dense();
        Matrix scores = new Matrix(rows.rows(), coefficients.rows());
        for (int row = 0; row < scores.rows(); row++) {
            for (int i = 0; i < scores.columns(); i++) {
                scores.put(row, i, dense.dot(row, coefficients, i) + intercepts[i]);
            }
        }
        return scores;
    }

    private int columns() {
        return coefficients.rows() == 1 ? 0 : coefficients.rows();
    }

    private Inputs inputs() {
        return new Inputs.Numbers(coefficients.columns());
    }

    static Fitted regressor(PyObject object) {
        LinearModel model = new LinearModel(object);
        boolean flat = object.array("coef_").rank() < 2;
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.numbers(flat ? 0 : model.coefficients.rows(), model::scores));
        return Fitted.predictor(model.inputs(), methods);
    }

    static Fitted classifier(PyObject object) {
        LinearModel model = new LinearModel(object);
        return Fitted.predictor(model.inputs(), model.classifying(labels(object)));
    }

    private static Labels labels(PyObject object) {
        return Labels.of(object.findArray("classes_")
                .orElseGet(() -> object.object("_label_binarizer").array("classes_")));
    }

    private LinkedHashMap<String, Method> classifying(Labels labels) {
        if (labels.size() != (coefficients.rows() == 1 ? 2 : coefficients.rows())) {
            throw new InvalidRequestException("a classifier with " + labels.size() + " classes and "
                    + coefficients.rows() + " rows of coefficients");
        }
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put(
                "predict",
                Method.labels(
                        labels, rows -> columns() == 0 ? Numerics.signs(scores(rows)) : Numerics.argMax(scores(rows))));
        methods.put("decision_function", Method.numbers(columns(), this::scores));
        return methods;
    }

    static Fitted logistic(PyObject object) {
        LinearModel model = new LinearModel(object);
        Labels labels = labels(object);
        LinkedHashMap<String, Method> methods = model.classifying(labels);
        String multiClass = object.text("multi_class", "auto");
        boolean liblinear = object.text("solver", "lbfgs").equals("liblinear");
        boolean oneVersusRest =
                multiClass.equals("ovr") || !multiClass.equals("multinomial") && (labels.size() == 2 || liblinear);
        methods.put(
                "predict_proba",
                Method.numbers(labels.size(), oneVersusRest ? model::oneVersusRest : model::multinomial));
        return Fitted.predictor(model.inputs(), methods);
    }

    private Matrix oneVersusRest(Table rows) {
        Matrix scores = scores(rows);
        for (int i = 0; i < scores.values().length; i++) {
            scores.values()[i] = Numerics.sigmoid(scores.values()[i]);
        }
        return scores.columns() == 1 ? Numerics.both(scores) : Numerics.normalized(scores);
    }

    /** With two classes, the scores of both are those of the second, once with a minus. */
    private Matrix multinomial(Table rows) {
        Matrix scores = scores(rows);
        if (scores.columns() > 1) {
            return Numerics.softmax(scores);
        }
        Matrix both = new Matrix(scores.rows(), 2);
        for (int row = 0; row < scores.rows(); row++) {
            both.put(row, 0, -scores.at(row, 0));
            both.put(row, 1, scores.at(row, 0));
        }
        return Numerics.softmax(both);
    }

    static Fitted stochastic(PyObject object) {
        LinearModel model = new LinearModel(object);
        Labels labels = labels(object);
        LinkedHashMap<String, Method> methods = model.classifying(labels);
        switch (object.text("loss", "hinge")) {
            case "log", "log_loss" -> methods.put("predict_proba", Method.numbers(labels.size(), model::oneVersusRest));
            case "modified_huber" -> methods.put("predict_proba", Method.numbers(labels.size(), model::modifiedHuber));
            case "hinge", "squared_hinge", "perceptron", "squared_error", "huber" -> {}
            default ->
                throw new UnsupportedException(
                        "SGDClassifier with the loss " + object.text("loss", "") + " is not computed");
        }
        return Fitted.predictor(model.inputs(), methods);
    }

    private Matrix modifiedHuber(Table rows) {
        Matrix scores = scores(rows);
        for (int i = 0; i < scores.values().length; i++) {
            scores.values()[i] = (Math.clamp(scores.values()[i], -1, 1) + 1) / 2;
        }
        if (scores.columns() == 1) {
            return Numerics.both(scores);
        }
        for (int row = 0; row < scores.rows(); row++) {
            double sum = 0;
            for (int i = 0; i < scores.columns(); i++) {
                sum += scores.at(row, i);
            }
            for (int i = 0; i < scores.columns() && sum == 0; i++) {
                scores.put(row, i, 1);
            }
        }
        return Numerics.normalized(scores);
    }
}
