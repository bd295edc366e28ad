package forge.ai.backend.sklearn.estimator;

import java.util.Map;
import java.util.TreeMap;

/** Collects the elements of a row that are not zero. */
final class SparseRow {

    private final TreeMap<Integer, Double> elements = new TreeMap<>();

    /** Adds to what is there. */
    void add(int column, double value) {
        if (value != 0) {
            elements.merge(column, value, Double::sum);
        }
    }

    int[] indices() {
        return elements.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    double[] values() {
        return elements.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    Map<Integer, Double> elements() {
        return elements;
    }
}
