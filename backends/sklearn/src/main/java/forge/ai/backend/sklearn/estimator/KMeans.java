package forge.ai.backend.sklearn.estimator;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.LinkedHashMap;

/** The nearest of the centres, or how far each is. */
final class KMeans {

    private final Matrix centres;

    private KMeans(PyObject model) {
        centres = Matrix.of(model.array("cluster_centers_"));
    }

    static Fitted of(PyObject object) {
        KMeans model = new KMeans(object);
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        methods.put("predict", new Method(DataType.INT64, 0, model::predict));
        methods.put("transform", Method.numbers(model.centres.rows(), model::distances));
        return new Fitted(new Inputs.Numbers(model.centres.columns()), methods, model::distances);
    }

    private Tensor predict(Table rows) {
        Matrix distances = distances(rows);
        long[] nearest = new long[rows.rows()];
        for (int row = 0; row < nearest.length; row++) {
            for (int i = 1; i < distances.columns(); i++) {
                if (distances.at(row, i) < distances.at(row, (int) nearest[row])) {
                    nearest[row] = i;
                }
            }
        }
        return Results.longs(new long[] {nearest.length}, nearest);
    }

    private Matrix distances(Table table) {
        Matrix rows = table.dense();
        Matrix distances = new Matrix(rows.rows(), centres.rows());
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = 0; i < centres.rows(); i++) {
                distances.put(row, i, Math.sqrt(Distance.squared(rows, row, centres, i)));
            }
        }
        return distances;
    }
}
