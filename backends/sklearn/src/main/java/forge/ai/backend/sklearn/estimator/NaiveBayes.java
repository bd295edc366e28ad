package forge.ai.backend.sklearn.estimator;

import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.LinkedHashMap;
import java.util.function.Function;

/** Classifiers that take the features of a class as independent; each gives the joint log likelihood of all classes. */
final class NaiveBayes {

    private NaiveBayes() {}

    private static Fitted of(PyObject object, int features, Function<Table, Matrix> likelihood) {
        Labels labels = Labels.of(object.array("classes_"));
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.labels(labels, rows -> Numerics.argMax(likelihood.apply(rows))));
        methods.put("predict_proba", Method.numbers(labels.size(), rows -> Numerics.softmax(likelihood.apply(rows))));
        return Fitted.predictor(new Inputs.Numbers(features), methods);
    }

    static Fitted gaussian(PyObject object) {
        Matrix means = Matrix.of(object.array("theta_"));
        Matrix variances = Matrix.of(object.array("var_", "sigma_"));
        double[] priors = object.array("class_prior_").doubles();
        return of(object, means.columns(), table -> {
            Matrix rows = table.dense();
            Matrix all = new Matrix(rows.rows(), means.rows());
            for (int row = 0; row < rows.rows(); row++) {
                for (int c = 0; c < means.rows(); c++) {
                    double sum = Math.log(priors[c]);
                    for (int i = 0; i < means.columns(); i++) {
                        double off = rows.at(row, i) - means.at(c, i);
                        sum -= 0.5 * (Math.log(2 * Math.PI * variances.at(c, i)) + off * off / variances.at(c, i));
                    }
                    all.put(row, c, sum);
                }
            }
            return all;
        });
    }

    static Fitted multinomial(PyObject object) {
        Matrix logs = Matrix.of(object.array("feature_log_prob_"));
        return of(
                object,
                logs.columns(),
                scores(logs, object.array("class_log_prior_").doubles()));
    }

    private static Function<Table, Matrix> scores(Matrix weights, double[] offsets) {
        return rows -> {
            Matrix all = new Matrix(rows.rows(), weights.rows());
            Matrix dense = rows instanceof SparseMatrix ? null : rows.dense();
            for (int row = 0; row < rows.rows(); row++) {
                for (int c = 0; c < weights.rows(); c++) {
                    double score = rows instanceof SparseMatrix sparse
                            ? sparse.dot(row, weights, c)
                            : dense.dot(row, weights, c);
                    all.put(row, c, score + offsets[c]);
                }
            }
            return all;
        };
    }

    static Fitted bernoulli(PyObject object) {
        Matrix logs = Matrix.of(object.array("feature_log_prob_"));
        double[] offsets = object.array("class_log_prior_").doubles();
        Matrix weights = new Matrix(logs.rows(), logs.columns());
        for (int c = 0; c < logs.rows(); c++) {
            for (int i = 0; i < logs.columns(); i++) {
                double absent = Math.log(1 - Math.exp(logs.at(c, i)));
                weights.put(c, i, logs.at(c, i) - absent);
                offsets[c] += absent;
            }
        }
        Function<Table, Matrix> scores = scores(weights, offsets);
        return of(
                object,
                logs.columns(),
                object.findNumber("binarize").isPresent()
                        ? rows -> scores.apply(Scaler.binarized(rows.dense(), object.number("binarize")))
                        : scores);
    }
}
