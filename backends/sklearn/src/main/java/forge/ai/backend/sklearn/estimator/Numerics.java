package forge.ai.backend.sklearn.estimator;

/** Functions over scores. */
final class Numerics {

    private Numerics() {}

    static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double e = Math.exp(x);
        return e / (1 + e);
    }

    /** The softmax of each row, in place. */
    static Matrix softmax(Matrix scores) {
        for (int row = 0; row < scores.rows(); row++) {
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < scores.columns(); i++) {
                most = Math.max(most, scores.at(row, i));
            }
            for (int i = 0; i < scores.columns(); i++) {
                scores.put(row, i, Math.exp(scores.at(row, i) - most));
            }
        }
        return normalized(scores);
    }

    /** Each row divided by its sum, in place. */
    static Matrix normalized(Matrix matrix) {
        for (int row = 0; row < matrix.rows(); row++) {
            double sum = 0;
            for (int i = 0; i < matrix.columns(); i++) {
                sum += matrix.at(row, i);
            }
            for (int i = 0; i < matrix.columns() && sum != 0; i++) {
                matrix.put(row, i, matrix.at(row, i) / sum);
            }
        }
        return matrix;
    }

    /** The column of the highest number of each row, the first of equals. */
    static int[] argMax(Matrix scores) {
        int[] best = new int[scores.rows()];
        for (int row = 0; row < best.length; row++) {
            for (int i = 1; i < scores.columns(); i++) {
                if (scores.at(row, i) > scores.at(row, best[row])) {
                    best[row] = i;
                }
            }
        }
        return best;
    }

    /** Of one score a row: the second class where it is above zero. */
    static int[] signs(Matrix scores) {
        int[] classes = new int[scores.rows()];
        for (int row = 0; row < classes.length; row++) {
            classes[row] = scores.at(row, 0) > 0 ? 1 : 0;
        }
        return classes;
    }

    /** One probability a row becomes that of the first and of the second class. */
    static Matrix both(Matrix second) {
        Matrix both = new Matrix(second.rows(), 2);
        for (int row = 0; row < second.rows(); row++) {
            both.put(row, 0, 1 - second.at(row, 0));
            both.put(row, 1, second.at(row, 0));
        }
        return both;
    }
}
