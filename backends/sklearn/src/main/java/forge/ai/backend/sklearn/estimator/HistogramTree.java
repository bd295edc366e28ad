package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;

/** A tree of histogram-based boosting: it knows missing values and categories. */
final class HistogramTree {

    private static final int WORDS = 8;

    private final double[] value;
    private final int[] feature;
    private final double[] threshold;
    private final boolean[] missingLeft;
    private final int[] left;
    private final int[] right;
    private final boolean[] leaf;
    private final boolean[] categorical;
    private final int[] bitset;
    private final long[] categoriesLeft;

    /** @param predictor an object of the class {@code TreePredictor} */
    HistogramTree(PyObject predictor, int features) {
        NdArray nodes = predictor.array("nodes");
        value = nodes.field("value");
        feature = nodes.intField("feature_idx");
        threshold = nodes.field("num_threshold");
        missingLeft = nodes.flagField("missing_go_to_left");
        left = nodes.intField("left");
        right = nodes.intField("right");
        leaf = nodes.flagField("is_leaf");
        categorical = nodes.flagField("is_categorical");
        bitset = nodes.intField("bitset_idx");
        categoriesLeft = predictor.array("raw_left_cat_bitsets").longs();
        check(features);
    }

    private void check(int features) {
        for (int node = 0; node < value.length; node++) {
            if (!leaf[node]
                    && (left[node] <= node
                            || right[node] <= node
                            || left[node] >= value.length
                            || right[node] >= value.length
                            || feature[node] < 0
                            || features >= 0 && feature[node] >= features
                            || categorical[node] && (bitset[node] + 1L) * WORDS > categoriesLeft.length)) {
                throw new InvalidRequestException("a tree whose node " + node + " leads nowhere");
            }
        }
    }

    /** @param known for each feature, the categories of the training, or null where it has none */
    double value(Matrix rows, int row, boolean[][] known) {
        int node = 0;
        while (!leaf[node]) {
            node = goesLeft(node, rows.at(row, feature[node]), known) ? left[node] : right[node];
        }
        return value[node];
    }

    private boolean goesLeft(int node, double x, boolean[][] known) {
        if (Double.isNaN(x)) {
            return missingLeft[node];
        }
        if (!categorical[node]) {
            return x <= threshold[node];
        }
        int category = (int) x;
        if (category < 0 || category >= WORDS * 32) {
            return missingLeft[node];
        }
        if ((categoriesLeft[bitset[node] * WORDS + category / 32] >> category % 32 & 1) == 1) {
            return true;
        }
        boolean[] trained = known[feature[node]];
        return (trained == null || !trained[category]) && missingLeft[node];
    }

    /** The flags of the categories that were seen in training. */
    static boolean[] known(double[] categories) {
        boolean[] known = new boolean[WORDS * 32];
        for (double category : categories) {
            if (category >= 0 && category < known.length) {
                known[(int) category] = true;
            }
        }
        return known;
    }
}
