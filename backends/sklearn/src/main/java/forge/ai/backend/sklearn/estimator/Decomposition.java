package forge.ai.backend.sklearn.estimator;

import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;

/** Projections onto a few components. */
final class Decomposition {

    private Decomposition() {}

    static Fitted pca(PyObject object) {
        Matrix components = Matrix.of(object.array("components_"));
        double[] means = object.findArray("mean_").map(NdArray::doubles).orElse(new double[components.columns()]);
        double[] scales = new double[components.rows()];
        double[] variances = object.array("explained_variance_").doubles();
        boolean whiten = object.flag("whiten", false);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = whiten ? Math.sqrt(variances[i]) : 1;
        }
        return Fitted.transformer(new Inputs.Numbers(components.columns()), table -> {
            Matrix rows = table.dense();
            Matrix projected = new Matrix(rows.rows(), components.rows());
            for (int row = 0; row < rows.rows(); row++) {
                for (int i = 0; i < components.rows(); i++) {
                    double sum = 0;
                    for (int column = 0; column < means.length; column++) {
                        sum += (rows.at(row, column) - means[column]) * components.at(i, column);
                    }
                    projected.put(row, i, sum / scales[i]);
                }
            }
            return projected;
        });
    }

    static Fitted truncated(PyObject object) {
        Matrix components = Matrix.of(object.array("components_"));
        return Fitted.transformer(new Inputs.Numbers(components.columns()), rows -> {
            Matrix projected = new Matrix(rows.rows(), components.rows());
            for (int row = 0; row < rows.rows(); row++) {
                for (int i = 0; i < components.rows(); i++) {
                    double value = rows instanceof SparseMatrix sparse
                            ? sparse.dot(row, components, i)
                            : rows.dense().dot(row, components, i);
                    projected.put(row, i, value);
                }
            }
            return projected;
        });
    }
}
