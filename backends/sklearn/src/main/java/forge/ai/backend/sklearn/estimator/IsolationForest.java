package forge.ai.backend.sklearn.estimator;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** How soon random trees part a row from all others: Liu, Ting and Zhou, "Isolation Forest" (2008). */
final class IsolationForest {

    private static final double EULER = 0.57721566490153286060651209;

    private final List<DecisionTree> trees;
    /** The features that each tree sees; null where it sees all. */
    private final List<int[]> features = new ArrayList<>();

    private final double usual;
    private final double offset;
    private final int columns;

    private IsolationForest(PyObject model) {
        trees = DecisionTree.all(model.list("estimators_"));
        usual = averagePath(
                model.find("_max_samples").isPresent() ? model.number("_max_samples") : model.number("max_samples_"));
        offset = model.number("offset_");
        columns = (int) model.number("n_features_in_", trees.getFirst().features());
        if (model.find("estimators_features_").isPresent()) {
            for (Object array : model.list("estimators_features_")) {
                long[] indices = ((NdArray) array).longs();
                int[] ints = new int[indices.length];
                for (int i = 0; i < ints.length; i++) {
                    ints[i] = Math.toIntExact(indices[i]);
                }
                features.add(ints);
            }
        }
    }

    /** The mean depth of a search that finds nothing in a binary tree of so many. */
    private static double averagePath(double samples) {
        if (samples <= 1) {
            return 0;
        }
        return samples <= 2 ? 1 : 2 * (Math.log(samples - 1) + EULER) - 2 * (samples - 1) / samples;
    }

    static Fitted of(PyObject object) {
        IsolationForest model = new IsolationForest(object);
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", new Method(DataType.INT64, 0, model::predict));
        methods.put("decision_function", Method.numbers(0, rows -> model.scores(rows, model.offset)));
        methods.put("score_samples", Method.numbers(0, rows -> model.scores(rows, 0)));
        return Fitted.predictor(new Inputs.Numbers(model.columns), methods);
    }

    /** 1 for what fits in, -1 for what does not. */
    private Tensor predict(Table rows) {
        Matrix scores = scores(rows, offset);
        long[] verdicts = new long[scores.rows()];
        for (int row = 0; row < verdicts.length; row++) {
            verdicts[row] = scores.at(row, 0) < 0 ? -1 : 1;
        }
        return Results.longs(new long[] {verdicts.length}, verdicts);
    }

    private Matrix scores(Table table, double minus) {
        Matrix rows = table.dense();
        Matrix depths = new Matrix(rows.rows(), 1);
        for (int tree = 0; tree < trees.size(); tree++) {
            Matrix seen = features.isEmpty() ? rows : rows.select(features.get(tree));
            for (int row = 0; row < rows.rows(); row++) {
                DecisionTree.Path path = trees.get(tree).path(seen, row);
                depths.put(row, 0, depths.at(row, 0) + path.length() + averagePath(path.samples()));
            }
        }
        for (int row = 0; row < rows.rows(); row++) {
            double ratio = usual == 0 ? 1 : depths.at(row, 0) / (trees.size() * usual);
            depths.put(row, 0, -Math.pow(2, -ratio) - minus);
        }
        return depths;
    }
}
