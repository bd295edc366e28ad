package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import org.jspecify.annotations.Nullable;

/** Counts of terms, weighted by how rare each term is. */
final class Tfidf {

    private final double @Nullable [] rarity;
    private final boolean sublinear;
    private final String norm;

    Tfidf(PyObject model) {
        rarity = model.flag("use_idf", true) ? rarity(model) : null;
        sublinear = model.flag("sublinear_tf", false);
        norm = model.text("norm", "");
    }

    /** Older versions keep it as a diagonal matrix. */
    private static double[] rarity(PyObject model) {
        return model.findArray("idf_").map(NdArray::doubles).orElseGet(() -> {
            PyObject diagonal = model.findObject("_idf_diag")
                    .orElseThrow(() -> new InvalidRequestException("TfidfTransformer is not fitted"));
            return diagonal.array("data").doubles();
        });
    }

    static Fitted of(PyObject object) {
        Tfidf tfidf = new Tfidf(object);
        return Fitted.transformer(Estimators.numbers(object), rows -> tfidf.dense(rows.dense()));
    }

    private Matrix dense(Matrix counts) {
        Matrix weighted = new Matrix(counts.rows(), counts.columns());
        for (int row = 0; row < counts.rows(); row++) {
            double[] values = new double[counts.columns()];
            int[] places = new int[counts.columns()];
            for (int i = 0; i < values.length; i++) {
                values[i] = counts.at(row, i);
                places[i] = i;
            }
            weigh(places, values);
            System.arraycopy(values, 0, weighted.values(), row * values.length, values.length);
        }
        return weighted;
    }

    SparseMatrix transform(SparseMatrix counts) {
        for (int row = 0; row < counts.rows(); row++) {
            weigh(counts.indices()[row], counts.values()[row]);
        }
        return counts;
    }

    private void weigh(int[] places, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (sublinear && values[i] != 0) {
                values[i] = 1 + Math.log(values[i]);
            }
            if (rarity != null) {
                values[i] *= rarity[places[i]];
            }
        }
        normalize(values, norm);
    }

    /** Divides by the length of the vector, in place; any other norm than these leaves it. */
    static void normalize(double[] values, String norm) {
        double length = 0;
        for (double value : values) {
            length += norm.equals("l1") ? Math.abs(value) : value * value;
        }
        length = norm.equals("l2") ? Math.sqrt(length) : length;
        for (int i = 0; i < values.length && length != 0 && norm.startsWith("l"); i++) {
            values[i] /= length;
        }
    }
}
