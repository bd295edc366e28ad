package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.LinkedHashMap;

/**
 * Support vector machines as LIBSVM computes them: a classifier is one machine for each pair of classes, whose votes are
 * counted. Probabilities are coupled pairwise after Wu, Lin and Weng, "Probability estimates for multi-class
 * classification by pairwise coupling" (2004), second method.
 */
final class SupportVectors {

    private static final double LEAST_PROBABILITY = 1e-7;

    private final Matrix vectors;
    private final Matrix coefficients;
    private final double[] intercepts;
    private final Kernel kernel;
    /** The first vector of each class, and behind the last the number of vectors. */
    private final int[] starts;

    private SupportVectors(PyObject model) {
        vectors = Matrix.of(model.findAny("support_vectors_")
                .orElseThrow(() -> new InvalidRequestException(model.simpleType() + " is not fitted")));
        coefficients = Matrix.of(model.findAny("_dual_coef_", "dual_coef_").orElseThrow());
        intercepts = model.array("_intercept_", "intercept_").doubles();
        kernel = Kernel.of(model);
        long[] counts = model.array("_n_support", "n_support_").longs();
        starts = new int[counts.length + 1];
        for (int i = 0; i < counts.length; i++) {
            starts[i + 1] = starts[i] + (int) counts[i];
        }
    }

    private Inputs inputs() {
        return new Inputs.Numbers(vectors.columns());
    }

    static Fitted regressor(PyObject object) {
        SupportVectors model = new SupportVectors(object);
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.numbers(0, model::regression));
        return Fitted.predictor(model.inputs(), methods);
    }

    private Matrix regression(Table table) {
        Matrix rows = table.dense();
        Matrix values = new Matrix(rows.rows(), 1);
        for (int row = 0; row < rows.rows(); row++) {
            double sum = intercepts[0];
            for (int i = 0; i < vectors.rows(); i++) {
                sum += coefficients.at(0, i) * kernel.of(rows, row, vectors, i);
            }
            values.put(row, 0, sum);
        }
        return values;
    }

    static Fitted classifier(PyObject object) {
        SupportVectors model = new SupportVectors(object);
        Labels labels = Labels.of(object.array("classes_"));
        int classes = labels.size();
        if (model.starts.length - 1 != classes || model.coefficients.rows() != classes - 1) {
            throw new InvalidRequestException(object.simpleType() + " has arrays that do not fit its classes");
        }
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.labels(labels, rows -> Numerics.argMax(model.votes(model.pairs(rows)))));
        boolean each = object.text("decision_function_shape", "ovr").equals("ovo");
        int pairs = classes * (classes - 1) / 2;
        if (classes == 2) {
            methods.put("decision_function", Method.numbers(0, rows -> negated(model.pairs(rows))));
        } else if (each) {
            methods.put("decision_function", Method.numbers(pairs, model::pairs));
        } else {
            methods.put("decision_function", Method.numbers(classes, rows -> model.confidences(model.pairs(rows))));
        }
        double[] a = object.findArray("_probA")
                .or(() -> object.findArray("probA_"))
                .map(x -> x.doubles())
                .orElse(new double[0]);
        double[] b = object.findArray("_probB")
                .or(() -> object.findArray("probB_"))
                .map(x -> x.doubles())
                .orElse(new double[0]);
        if (a.length == pairs && b.length == pairs && pairs > 0) {
            methods.put("predict_proba", Method.numbers(classes, rows -> model.probabilities(model.pairs(rows), a, b)));
        }
        return Fitted.predictor(model.inputs(), methods);
    }

    private int classes() {
        return starts.length - 1;
    }

    /** The decision of each pair of classes; above zero it is for the first. */
    private Matrix pairs(Table table) {
        Matrix rows = table.dense();
        int classes = classes();
        Matrix decisions = new Matrix(rows.rows(), classes * (classes - 1) / 2);
        double[] alike = new double[vectors.rows()];
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = 0; i < alike.length; i++) {
                alike[i] = kernel.of(rows, row, vectors, i);
            }
            int pair = 0;
            for (int i = 0; i < classes; i++) {
                for (int j = i + 1; j < classes; j++) {
                    double sum = intercepts[pair];
                    sum += sum(j - 1, i, alike) + sum(i, j, alike);
                    decisions.put(row, pair++, sum);
                }
            }
        }
        return decisions;
    }

    private double sum(int coefficient, int ofClass, double[] alike) {
        double sum = 0;
        for (int i = starts[ofClass]; i < starts[ofClass + 1]; i++) {
            sum += coefficients.at(coefficient, i) * alike[i];
        }
        return sum;
    }

    private static Matrix negated(Matrix matrix) {
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = -matrix.values()[i];
        }
        return matrix;
    }

    private Matrix votes(Matrix decisions) {
        Matrix votes = new Matrix(decisions.rows(), classes());
        for (int row = 0; row < decisions.rows(); row++) {
            int pair = 0;
            for (int i = 0; i < classes(); i++) {
                for (int j = i + 1; j < classes(); j++) {
                    int winner = decisions.at(row, pair++) > 0 ? i : j;
                    votes.put(row, winner, votes.at(row, winner) + 1);
                }
            }
        }
        return votes;
    }

    /** The votes for each class, ties broken by how sure the pairs are, which never counts as much as a vote. */
    private Matrix confidences(Matrix decisions) {
        Matrix all = new Matrix(decisions.rows(), classes());
        for (int row = 0; row < decisions.rows(); row++) {
            double[] sums = new double[classes()];
            int pair = 0;
            for (int i = 0; i < classes(); i++) {
                for (int j = i + 1; j < classes(); j++) {
                    double decision = decisions.at(row, pair++);
                    sums[i] += decision;
                    sums[j] -= decision;
                    int winner = decision < 0 ? j : i;
                    all.put(row, winner, all.at(row, winner) + 1);
                }
            }
            for (int i = 0; i < sums.length; i++) {
                all.put(row, i, all.at(row, i) + sums[i] / (3 * (Math.abs(sums[i]) + 1)));
            }
        }
        return all;
    }

    private Matrix probabilities(Matrix decisions, double[] a, double[] b) {
        int classes = classes();
        Matrix all = new Matrix(decisions.rows(), classes);
        for (int row = 0; row < decisions.rows(); row++) {
            double[][] wins = new double[classes][classes];
            int pair = 0;
            for (int i = 0; i < classes; i++) {
                for (int j = i + 1; j < classes; j++) {
                    double win = Numerics.sigmoid(-(decisions.at(row, pair) * a[pair] + b[pair]));
                    wins[i][j] = Math.clamp(win, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
                    wins[j][i] = 1 - wins[i][j];
                    pair++;
                }
            }
            System.arraycopy(PairwiseCoupling.couple(wins), 0, all.values(), row * classes, classes);
        }
        return all;
    }
}
