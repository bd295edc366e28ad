package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.LinkedHashMap;
import java.util.List;

/** Weighted votes of weak classifiers: Zhu, Zou, Rosset and Hastie, "Multi-class AdaBoost" (2009). */
final class AdaBoost {

    private static final double LEAST_PROBABILITY = Math.ulp(1.0);

    private final List<Fitted> voters;
    private final double[] weights;
    private final Labels labels;
    private final boolean real;
    private final boolean votesAgainst;

    private AdaBoost(PyObject model, Estimators estimators) {
        voters = model.list("estimators_").stream()
                .map(e -> estimators.of((PyObject) e))
                .toList();
        double[] all = model.array("estimator_weights_").doubles();
        if (voters.isEmpty() || all.length < voters.size()) {
            throw new InvalidRequestException("AdaBoost whose weights do not fit its estimators");
        }
        weights = all;
        labels = Labels.of(model.array("classes_"));
        real = model.text("algorithm", "SAMME").equals("SAMME.R");
        votesAgainst = recent(model.text("_sklearn_version", "1.9"));
    }

    /** Since 1.4 a vote for a class counts against the others. */
    private static boolean recent(String version) {
        String[] parts = version.split("\\D+");
        return parts.length < 2 || Integer.parseInt(parts[0]) > 1 || Integer.parseInt(parts[1]) >= 4;
    }

    static Fitted classifier(PyObject object, Estimators estimators) {
        AdaBoost model = new AdaBoost(object, estimators);
        boolean binary = model.labels.size() == 2;
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put(
                "predict",
                Method.labels(
                        model.labels,
                        rows -> binary
                                ? Numerics.signs(model.decisions(rows))
                                : Numerics.argMax(model.decisions(rows))));
        methods.put(
                "predict_proba",
                Method.numbers(model.labels.size(), rows -> model.probabilities(model.decisions(rows))));
        methods.put("decision_function", Method.numbers(binary ? 0 : model.labels.size(), model::decisions));
        return Fitted.predictor(model.voters.getFirst().inputs(), methods);
    }

    /** One score for each class; with two classes, that of the second less that of the first. */
    private Matrix decisions(Table rows) {
        int classes = labels.size();
        Matrix sums = new Matrix(rows.rows(), classes);
        double all = 0;
        for (int i = 0; i < voters.size(); i++) {
            if (real) {
                addLogarithms(numbers(voters.get(i), rows), sums);
            } else {
                addVotes(numbers(voters.get(i), rows), weights[i], sums);
            }
            all += weights[i];
        }
        for (int i = 0; i < sums.values().length; i++) {
            sums.values()[i] /= all;
        }
        if (classes > 2) {
            return sums;
        }
        Matrix one = new Matrix(rows.rows(), 1);
        for (int row = 0; row < rows.rows(); row++) {
            one.put(row, 0, sums.at(row, 1) - sums.at(row, 0));
        }
        return one;
    }

    private Matrix numbers(Fitted voter, Table rows) {
        Tensor shares = voter.method("predict_proba").call().apply(rows);
        double[] values = new double[shares.elements()];
        shares.data().asDoubleBuffer().get(values);
        return new Matrix(rows.rows(), labels.size(), values);
    }

    private void addVotes(Matrix shares, double weight, Matrix sums) {
        int[] votes = Numerics.argMax(shares);
        double against = votesAgainst ? -weight / (labels.size() - 1) : 0;
        for (int row = 0; row < sums.rows(); row++) {
            for (int i = 0; i < sums.columns(); i++) {
                sums.put(row, i, sums.at(row, i) + (votes[row] == i ? weight : against));
            }
        }
    }

    private void addLogarithms(Matrix shares, Matrix sums) {
        int classes = labels.size();
        for (int row = 0; row < sums.rows(); row++) {
            double[] logs = new double[classes];
            double mean = 0;
            for (int i = 0; i < classes; i++) {
                logs[i] = Math.log(Math.max(shares.at(row, i), LEAST_PROBABILITY));
                mean += logs[i] / classes;
            }
            for (int i = 0; i < classes; i++) {
                sums.put(row, i, sums.at(row, i) + (classes - 1) * (logs[i] - mean));
            }
        }
    }

    private Matrix probabilities(Matrix decisions) {
        if (decisions.columns() > 1) {
            for (int i = 0; i < decisions.values().length; i++) {
                decisions.values()[i] /= labels.size() - 1;
            }
            return Numerics.softmax(decisions);
        }
        Matrix both = new Matrix(decisions.rows(), 2);
        for (int row = 0; row < decisions.rows(); row++) {
            both.put(row, 0, -decisions.at(row, 0) / 2);
            both.put(row, 1, decisions.at(row, 0) / 2);
        }
        return Numerics.softmax(both);
    }
}
