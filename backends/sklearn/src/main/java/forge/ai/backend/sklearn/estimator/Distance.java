package forge.ai.backend.sklearn.estimator;

import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.Map;

/** How far two rows are apart. */
@FunctionalInterface
interface Distance {

    double of(Matrix a, int rowOfA, Matrix b, int rowOfB);

    static double squared(Matrix a, int i, Matrix b, int j) {
        double sum = 0;
        for (int column = 0; column < a.columns(); column++) {
            double difference = a.at(i, column) - b.at(j, column);
            sum += difference * difference;
        }
        return sum;
    }

    /** The metric that a nearest-neighbours model settled on. */
    static Distance of(PyObject model) {
        double p = model.find("effective_metric_params_")
                .filter(Map.class::isInstance)
                .map(m -> ((Map<?, ?>) m).get("p"))
                .filter(Number.class::isInstance)
                .map(n -> ((Number) n).doubleValue())
                .orElse(model.number("p", 2));
        return switch (model.text("effective_metric_", model.text("metric", "minkowski"))) {
            case "euclidean", "l2" -> Distance::euclidean;
            case "manhattan", "l1", "cityblock" -> Distance::manhattan;
            case "chebyshev" -> Distance::chebyshev;
            case "minkowski" -> (a, i, b, j) -> minkowski(a, i, b, j, p);
            default ->
                throw new UnsupportedException("nearest neighbours by the metric "
                        + model.text("effective_metric_", "?") + " are not computed");
        };
    }

    private static double euclidean(Matrix a, int i, Matrix b, int j) {
        return Math.sqrt(squared(a, i, b, j));
    }

    private static double manhattan(Matrix a, int i, Matrix b, int j) {
        double sum = 0;
        for (int column = 0; column < a.columns(); column++) {
            sum += Math.abs(a.at(i, column) - b.at(j, column));
        }
        return sum;
    }

    private static double chebyshev(Matrix a, int i, Matrix b, int j) {
        double most = 0;
        for (int column = 0; column < a.columns(); column++) {
            most = Math.max(most, Math.abs(a.at(i, column) - b.at(j, column)));
        }
        return most;
    }

    private static double minkowski(Matrix a, int i, Matrix b, int j, double p) {
        double sum = 0;
        for (int column = 0; column < a.columns(); column++) {
            sum += Math.pow(Math.abs(a.at(i, column) - b.at(j, column)), p);
        }
        return Math.pow(sum, 1 / p);
    }
}
