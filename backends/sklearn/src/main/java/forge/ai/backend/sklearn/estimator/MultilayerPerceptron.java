package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Layers of weights with a function between them. */
final class MultilayerPerceptron {

    private final List<Matrix> weights = new ArrayList<>();
    private final List<double[]> offsets = new ArrayList<>();
    private final DoubleUnaryOperator activation;
    private final String last;

    private MultilayerPerceptron(PyObject model) {
        for (Object layer : model.list("coefs_")) {
            weights.add(Matrix.of((NdArray) layer));
        }
        for (Object layer : model.list("intercepts_")) {
            offsets.add(((NdArray) layer).doubles());
        }
        if (weights.isEmpty() || weights.size() != offsets.size()) {
            throw new InvalidRequestException(model.simpleType() + " has layers that do not fit each other");
        }
        activation = function(model.text("activation", "relu"));
        last = model.text("out_activation_", "identity");
    }

    private static DoubleUnaryOperator function(String name) {
        return switch (name) {
            case "identity" -> x -> x;
            case "logistic" -> Numerics::sigmoid;
            case "tanh" -> Math::tanh;
            case "relu" -> x -> Math.max(0, x);
            default -> throw new UnsupportedException("a perceptron with the activation " + name + " is not computed");
        };
    }

    private Inputs inputs() {
        return new Inputs.Numbers(weights.getFirst().rows());
    }

    private Matrix outputs(Table table) {
        Matrix values = table.dense();
        for (int layer = 0; layer < weights.size(); layer++) {
            values = layer(values, weights.get(layer), offsets.get(layer));
            if (layer < weights.size() - 1) {
                apply(values, activation);
            }
        }
        if (last.equals("softmax")) {
            return Numerics.softmax(values);
        }
        apply(values, function(last));
        return values;
    }

    private static Matrix layer(Matrix rows, Matrix weights, double[] offsets) {
        Matrix values = new Matrix(rows.rows(), weights.columns());
        for (int row = 0; row < rows.rows(); row++) {
            System.arraycopy(offsets, 0, values.values(), row * values.columns(), values.columns());
            for (int i = 0; i < weights.rows(); i++) {
                double x = rows.at(row, i);
                for (int j = 0; j < weights.columns(); j++) {
                    values.values()[row * values.columns() + j] += x * weights.at(i, j);
                }
            }
        }
        return values;
    }

    private static void apply(Matrix matrix, DoubleUnaryOperator function) {
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = function.applyAsDouble(matrix.values()[i]);
        }
    }

    static Fitted regressor(PyObject object) {
        MultilayerPerceptron model = new MultilayerPerceptron(object);
        int targets = model.weights.getLast().columns();
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.numbers(targets == 1 ? 0 : targets, model::outputs));
        return Fitted.predictor(model.inputs(), methods);
    }

    static Fitted classifier(PyObject object) {
        MultilayerPerceptron model = new MultilayerPerceptron(object);
        Labels labels = Labels.of(object.array("classes_"));
        boolean binary = model.weights.getLast().columns() == 1;
        if (!binary && model.last.equals("logistic")) {
            throw new UnsupportedException("perceptrons with several labels a row are not computed");
        }
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.labels(labels, rows -> Numerics.argMax(model.probabilities(rows, binary))));
        methods.put("predict_proba", Method.numbers(labels.size(), rows -> model.probabilities(rows, binary)));
        return Fitted.predictor(model.inputs(), methods);
    }

    private Matrix probabilities(Table rows, boolean binary) {
        return binary ? Numerics.both(outputs(rows)) : outputs(rows);
    }
}
