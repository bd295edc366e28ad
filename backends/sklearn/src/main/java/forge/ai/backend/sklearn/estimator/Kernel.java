package forge.ai.backend.sklearn.estimator;

import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.PyObject;

/** How alike two rows are. */
@FunctionalInterface
interface Kernel {

    double of(Matrix a, int rowOfA, Matrix b, int rowOfB);

    static Kernel of(PyObject model) {
        double gamma = model.number("_gamma", 0);
        double offset = model.number("coef0", 0);
        double degree = model.number("degree", 3);
        return switch (model.text("kernel", "")) {
            case "linear" -> (a, i, b, j) -> a.dot(i, b, j);
            case "poly" -> (a, i, b, j) -> Math.pow(gamma * a.dot(i, b, j) + offset, degree);
            case "rbf" -> (a, i, b, j) -> Math.exp(-gamma * Distance.squared(a, i, b, j));
            case "sigmoid" -> (a, i, b, j) -> Math.tanh(gamma * a.dot(i, b, j) + offset);
            default ->
                throw new UnsupportedException("a support vector machine with a kernel of its own is not computed");
        };
    }
}
