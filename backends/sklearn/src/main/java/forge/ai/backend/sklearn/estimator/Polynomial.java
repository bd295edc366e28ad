package forge.ai.backend.sklearn.estimator;

import forge.ai.api.ResourceExhaustedException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.List;

/** Products of features, of each degree in lexical order. */
final class Polynomial {

    private static final int MOST_TERMS = 1 << 20;

    private final List<int[]> terms = new ArrayList<>();
    private final int features;
    private final boolean distinct;

    private Polynomial(PyObject model) {
        features = model.integer("n_features_in_");
        distinct = model.flag("interaction_only", false);
        int least = (int) model.number("_min_degree", 0);
        int most = (int) model.number("_max_degree", model.number("degree", 2));
        if (model.flag("include_bias", true) && least == 0) {
            terms.add(new int[0]);
        }
        for (int degree = Math.max(1, least); degree <= most; degree++) {
            extend(new int[degree], 0, 0);
        }
    }

    private void extend(int[] term, int place, int from) {
        if (place == term.length) {
            if (terms.size() == MOST_TERMS) {
                throw new ResourceExhaustedException("PolynomialFeatures makes more than " + MOST_TERMS + " features");
            }
            terms.add(term.clone());
            return;
        }
        for (int feature = from; feature < features; feature++) {
            term[place] = feature;
            extend(term, place + 1, distinct ? feature + 1 : feature);
        }
    }

    static Fitted of(PyObject object) {
        Polynomial polynomial = new Polynomial(object);
        return Fitted.transformer(new Inputs.Numbers(polynomial.features), polynomial::transform);
    }

    private Matrix transform(Table table) {
        Matrix rows = table.dense();
        Matrix products = new Matrix(rows.rows(), terms.size());
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = 0; i < terms.size(); i++) {
                double product = 1;
                for (int feature : terms.get(i)) {
                    product *= rows.at(row, feature);
                }
                products.put(row, i, product);
            }
        }
        return products;
    }
}
