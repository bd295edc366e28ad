package forge.ai.backend.sklearn.estimator;

import java.util.Arrays;

/**
 * Probabilities of classes from those of each pair: the fixed point of Wu, Lin and Weng (2004), method 2, by the same
 * iteration and to the same precision as LIBSVM, since the answers differ with it.
 */
final class PairwiseCoupling {

    private PairwiseCoupling() {}

    /** @param wins in row i and column j, the probability of i if it is i or j */
    static double[] couple(double[][] wins) {
        int n = wins.length;
        double[][] q = new double[n][n];
        double[] p = new double[n];
        Arrays.fill(p, 1.0 / n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (j != i) {
                    q[i][i] += wins[j][i] * wins[j][i];
                    q[i][j] = -wins[j][i] * wins[i][j];
                }
            }
        }
        double precision = 0.005 / n;
        for (int round = 0; round < Math.max(100, n); round++) {
            double[] qp = new double[n];
            double pqp = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    qp[i] += q[i][j] * p[j];
                }
                pqp += p[i] * qp[i];
            }
            double worst = 0;
            for (int i = 0; i < n; i++) {
                worst = Math.max(worst, Math.abs(qp[i] - pqp));
            }
            if (worst < precision) {
                break;
            }
            for (int i = 0; i < n; i++) {
                double step = (pqp - qp[i]) / q[i][i];
                p[i] += step;
                pqp = (pqp + step * (step * q[i][i] + 2 * qp[i])) / (1 + step) / (1 + step);
                for (int j = 0; j < n; j++) {
                    qp[j] = (qp[j] + step * q[i][j]) / (1 + step);
                    p[j] /= 1 + step;
                }
            }
        }
        return p;
    }
}
