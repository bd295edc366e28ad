package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.List;

/** One tree: each inner node compares a feature, as a float, with its threshold. */
final class DecisionTree {

    private final int[] left;
    private final int[] right;
    private final int[] feature;
    private final double[] threshold;
    private final boolean[] missingLeft;
    private final double[] samples;
    private final double[] values;
    private final int width;
    private final int features;

    /** @param tree an object of the class {@code sklearn.tree._tree.Tree} */
    DecisionTree(PyObject tree) {
        NdArray nodes = tree.array("nodes");
        NdArray outputs = tree.array("values");
        left = nodes.intField("left_child");
        right = nodes.intField("right_child");
        feature = nodes.intField("feature");
        threshold = nodes.field("threshold");
        samples = nodes.field("n_node_samples");
        missingLeft =
                nodes.hasField("missing_go_to_left") ? nodes.flagField("missing_go_to_left") : new boolean[left.length];
        values = outputs.doubles();
        width = left.length == 0 ? 0 : values.length / left.length;
        features = ((Long) tree.arguments().getFirst()).intValue();
        check();
    }

    /** The tree of a fitted decision tree estimator. */
    static DecisionTree of(Object estimator) {
        if (estimator instanceof PyObject object) {
            return new DecisionTree(object.object("tree_"));
        }
        throw new InvalidRequestException("an ensemble of what are no trees");
    }

    static List<DecisionTree> all(List<?> estimators) {
        return estimators.stream().map(DecisionTree::of).toList();
    }

    /** Children come behind their parent, so that every walk ends. */
    private void check() {
        if (left.length == 0 || width * left.length != values.length) {
            throw new InvalidRequestException("a tree whose values do not fit its nodes");
        }
        for (int node = 0; node < left.length; node++) {
            boolean leaf = left[node] < 0;
            if (!leaf
                    && (left[node] <= node
                            || right[node] <= node
                            || left[node] >= left.length
                            || right[node] >= left.length
                            || feature[node] < 0
                            || feature[node] >= features)) {
                throw new InvalidRequestException("a tree whose node " + node + " leads nowhere");
            }
        }
    }

    /** The features that it was trained with. */
    int features() {
        return features;
    }

    /** Values of a leaf: one for each class, or one for each target. */
    int width() {
        return width;
    }

    int leaf(Matrix rows, int row) {
        int node = 0;
        while (left[node] >= 0) {
            node = next(node, (float) rows.at(row, feature[node]));
        }
        return node;
    }

    private int next(int node, float value) {
        if (Float.isNaN(value)) {
            return missingLeft[node] ? left[node] : right[node];
        }
        return value <= threshold[node] ? left[node] : right[node];
    }

    double value(int leaf, int place) {
        return values[leaf * width + place];
    }

    /** The share of each class among what was trained in the leaf is added to the row of the sums. */
    void addShares(int leaf, Matrix sums, int row) {
        double all = 0;
        for (int i = 0; i < width; i++) {
            all += value(leaf, i);
        }
        for (int i = 0; i < width; i++) {
            sums.put(row, i, sums.at(row, i) + (all == 0 ? 0 : value(leaf, i) / all));
        }
    }

    /** How many comparisons it takes to the leaf of a row, and how many training rows came to it. */
    record Path(int length, double samples) {}

    Path path(Matrix rows, int row) {
        int node = 0;
        int length = 0;
        while (left[node] >= 0) {
            node = next(node, (float) rows.at(row, feature[node]));
            length++;
        }
        return new Path(length, samples[node]);
    }
}
