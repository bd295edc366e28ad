package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.LinkedHashMap;

/** Answers with what the nearest of the remembered rows have; all of them are looked at. */
final class NearestNeighbors {

    /** The nearest rows of one row, and how much each counts. */
    private record Neighbors(int[] rows, double[] weights) {}

    private final Matrix remembered;
    private final Distance distance;
    private final int count;
    private final boolean weighted;

    private NearestNeighbors(PyObject model) {
        remembered = Matrix.of(model.findAny("_fit_X")
                .orElseThrow(() -> new InvalidRequestException(model.simpleType() + " is not fitted")));
        distance = Distance.of(model);
        count = model.integer("n_neighbors");
        weighted = switch (model.text("weights", "other")) {
            case "uniform" -> false;
            case "distance" -> true;
            default -> throw new UnsupportedException("nearest neighbours with weights of their own are not computed");
        };
        if (count < 1 || count > remembered.rows()) {
            throw new InvalidRequestException(count + " neighbours of " + remembered.rows() + " rows");
        }
    }

    private Neighbors of(Matrix rows, int row) {
        int[] nearest = new int[count];
        double[] distances = new double[count];
        int found = 0;
        for (int other = 0; other < remembered.rows(); other++) {
            double far = distance.of(rows, row, remembered, other);
            if (found < count || far < distances[found - 1]) {
                int place = found < count ? found++ : found - 1;
                while (place > 0 && distances[place - 1] > far) {
                    distances[place] = distances[place - 1];
                    nearest[place] = nearest[place - 1];
                    place--;
                }
                distances[place] = far;
                nearest[place] = other;
            }
        }
        return new Neighbors(nearest, weights(distances));
    }

    /** Rows at no distance are the only ones that count, if there are any. */
    private double[] weights(double[] distances) {
        double[] weights = new double[distances.length];
        boolean hit = weighted && distances[0] == 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = !weighted ? 1 : hit ? distances[i] == 0 ? 1 : 0 : 1 / distances[i];
        }
        return weights;
    }

    static Fitted classifier(PyObject object) {
        NearestNeighbors model = new NearestNeighbors(object);
        NdArray targets = object.array("_y");
        if (targets.rank() > 1 && targets.dimension(1) > 1) {
            throw new UnsupportedException("classifiers with several outputs are not computed");
        }
        long[] classes = targets.longs();
        Labels labels = Labels.of(object.array("classes_"));
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put(
                "predict",
                Method.labels(
                        labels, rows -> Numerics.argMax(model.probabilities(rows.dense(), classes, labels.size()))));
        methods.put(
                "predict_proba",
                Method.numbers(labels.size(), rows -> model.probabilities(rows.dense(), classes, labels.size())));
        return Fitted.predictor(new Inputs.Numbers(model.remembered.columns()), methods);
    }

    private Matrix probabilities(Matrix rows, long[] classes, int most) {
        Matrix shares = new Matrix(rows.rows(), most);
        for (int row = 0; row < rows.rows(); row++) {
            Neighbors near = of(rows, row);
            for (int i = 0; i < count; i++) {
                int label = (int) classes[near.rows()[i]];
                shares.put(row, label, shares.at(row, label) + near.weights()[i]);
            }
        }
        return Numerics.normalized(shares);
    }

    static Fitted regressor(PyObject object) {
        NearestNeighbors model = new NearestNeighbors(object);
        NdArray y = object.array("_y");
        Matrix targets = new Matrix(y.dimension(0), y.dimension(1), y.doubles());
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put(
                "predict",
                Method.numbers(y.rank() == 1 ? 0 : targets.columns(), rows -> model.means(rows.dense(), targets)));
        return Fitted.predictor(new Inputs.Numbers(model.remembered.columns()), methods);
    }

    private Matrix means(Matrix rows, Matrix targets) {
        Matrix means = new Matrix(rows.rows(), targets.columns());
        for (int row = 0; row < rows.rows(); row++) {
            Neighbors near = of(rows, row);
            double all = 0;
            for (double weight : near.weights()) {
                all += weight;
            }
            for (int column = 0; column < targets.columns(); column++) {
                double sum = 0;
                for (int i = 0; i < count; i++) {
                    sum += near.weights()[i] * targets.at(near.rows()[i], column);
                }
                means.put(row, column, sum / all);
            }
        }
        return means;
    }
}
