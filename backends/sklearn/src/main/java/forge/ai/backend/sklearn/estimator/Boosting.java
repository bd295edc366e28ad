package forge.ai.backend.sklearn.estimator;

import java.util.LinkedHashMap;
import java.util.function.Function;

/** What gradient boosting makes of its raw scores, of which two classes have one and more have one each. */
final class Boosting {

    private Boosting() {}

    /** @param steepness what a raw score counts in the sigmoid: 1, or 2 for the exponential loss */
    static LinkedHashMap<String, Method> classifying(Labels labels, double steepness, Function<Table, Matrix> raw) {
        boolean binary = labels.size() == 2;
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put(
                "predict",
                Method.labels(
                        labels, rows -> binary ? Numerics.signs(raw.apply(rows)) : Numerics.argMax(raw.apply(rows))));
        methods.put(
                "predict_proba",
                Method.numbers(
                        labels.size(),
                        rows -> binary ? sigmoid(raw.apply(rows), steepness) : Numerics.softmax(raw.apply(rows))));
        methods.put("decision_function", Method.numbers(binary ? 0 : labels.size(), raw));
        return methods;
    }

    private static Matrix sigmoid(Matrix scores, double steepness) {
        for (int i = 0; i < scores.values().length; i++) {
            scores.values()[i] = Numerics.sigmoid(steepness * scores.values()[i]);
        }
        return Numerics.both(scores);
    }
}
