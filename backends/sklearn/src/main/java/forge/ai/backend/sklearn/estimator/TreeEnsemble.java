package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.LinkedHashMap;
import java.util.List;

/** One tree, or the mean of many: decision trees, random forests and extra trees. */
final class TreeEnsemble {

    private final List<DecisionTree> trees;

    private TreeEnsemble(PyObject model) {
        trees = model.find("estimators_").isPresent()
                ? DecisionTree.all(model.list("estimators_"))
                : List.of(DecisionTree.of(model));
        int features = trees.getFirst().features();
        int width = trees.getFirst().width();
        if (trees.stream().anyMatch(tree -> tree.features() != features || tree.width() != width)) {
            throw new InvalidRequestException("a forest of trees that do not fit each other");
        }
    }

    private Inputs inputs() {
        return new Inputs.Numbers(trees.getFirst().features());
    }

    static Fitted classifier(PyObject object) {
        if (object.number("n_outputs_", 1) != 1) {
            throw new UnsupportedException("classifiers with several outputs are not computed");
        }
        TreeEnsemble model = new TreeEnsemble(object);
        Labels labels = Labels.of(object.array("classes_"));
        if (labels.size() != model.trees.getFirst().width()) {
            throw new InvalidRequestException("a forest whose trees do not fit its classes");
        }
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.labels(labels, rows -> Numerics.argMax(model.shares(rows))));
        methods.put("predict_proba", Method.numbers(labels.size(), model::shares));
        return Fitted.predictor(model.inputs(), methods);
    }

    private Matrix shares(Table table) {
        Matrix rows = table.dense();
        Matrix sums = new Matrix(rows.rows(), trees.getFirst().width());
        for (DecisionTree tree : trees) {
            for (int row = 0; row < rows.rows(); row++) {
                tree.addShares(tree.leaf(rows, row), sums, row);
            }
        }
        return mean(sums);
    }

    static Fitted regressor(PyObject object) {
        TreeEnsemble model = new TreeEnsemble(object);
        int targets = model.trees.getFirst().width();
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", Method.numbers(targets == 1 ? 0 : targets, model::values));
        return Fitted.predictor(model.inputs(), methods);
    }

    private Matrix values(Table table) {
        Matrix rows = table.dense();
        Matrix sums = new Matrix(rows.rows(), trees.getFirst().width());
        for (DecisionTree tree : trees) {
            for (int row = 0; row < rows.rows(); row++) {
                int leaf = tree.leaf(rows, row);
                for (int i = 0; i < sums.columns(); i++) {
                    sums.put(row, i, sums.at(row, i) + tree.value(leaf, i));
                }
            }
        }
        return mean(sums);
    }

    private Matrix mean(Matrix sums) {
        for (int i = 0; i < sums.values().length; i++) {
            sums.values()[i] /= trees.size();
        }
        return sums;
    }
}
