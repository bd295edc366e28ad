package forge.ai.backend.sklearn.estimator;

import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.NdArray;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Transformers that treat each feature, or each row, by itself. */
final class Scaler {

    private Scaler() {}

    /** {@code (x - minus) / by} for each feature; null leaves a part out. */
    private static Fitted affine(PyObject object, double @Nullable [] minus, double @Nullable [] by) {
        return dense(object, rows -> {
            Matrix scaled = new Matrix(rows.rows(), rows.columns());
            for (int row = 0; row < rows.rows(); row++) {
                for (int i = 0; i < rows.columns(); i++) {
                    double value = rows.at(row, i);
                    value = minus == null ? value : value - minus[i];
                    scaled.put(row, i, by == null ? value : value / by[i]);
                }
            }
            return scaled;
        });
    }

    private static Fitted dense(PyObject object, UnaryOperator<Matrix> transform) {
        return Fitted.transformer(Estimators.numbers(object), rows -> transform.apply(rows.dense()));
    }

    private static double @Nullable [] array(PyObject object, String flag, String name) {
        return object.flag(flag, true)
                ? object.findArray(name).map(NdArray::doubles).orElse(null)
                : null;
    }

    static Fitted standard(PyObject object) {
        return affine(object, array(object, "with_mean", "mean_"), array(object, "with_std", "scale_"));
    }

    static Fitted robust(PyObject object) {
        return affine(object, array(object, "with_centering", "center_"), array(object, "with_scaling", "scale_"));
    }

    static Fitted maxAbs(PyObject object) {
        return affine(object, null, object.array("scale_").doubles());
    }

    static Fitted minMax(PyObject object) {
        double[] scale = object.array("scale_").doubles();
        double[] offset = object.array("min_").doubles();
        boolean clip = object.flag("clip", false);
        double[] range = object.find("feature_range")
                .filter(List.class::isInstance)
                .map(r -> (List<?>) r)
                .map(r -> new double[] {((Number) r.get(0)).doubleValue(), ((Number) r.get(1)).doubleValue()})
                .orElse(new double[] {0, 1});
        return dense(object, rows -> {
            Matrix scaled = new Matrix(rows.rows(), rows.columns());
            for (int row = 0; row < rows.rows(); row++) {
                for (int i = 0; i < rows.columns(); i++) {
                    double value = rows.at(row, i) * scale[i] + offset[i];
                    scaled.put(row, i, clip ? Math.clamp(value, range[0], range[1]) : value);
                }
            }
            return scaled;
        });
    }

    static Fitted normalizer(PyObject object) {
        String norm = object.text("norm", "l2");
        return dense(object, rows -> {
            Matrix scaled = new Matrix(rows.rows(), rows.columns());
            for (int row = 0; row < rows.rows(); row++) {
                double length = length(rows, row, norm);
                for (int i = 0; i < rows.columns(); i++) {
                    scaled.put(row, i, rows.at(row, i) / (length == 0 ? 1 : length));
                }
            }
            return scaled;
        });
    }

    private static double length(Matrix rows, int row, String norm) {
        double length = 0;
        for (int i = 0; i < rows.columns(); i++) {
            double value = Math.abs(rows.at(row, i));
            length = switch (norm) {
                case "l1" -> length + value;
                case "l2" -> length + value * value;
                case "max" -> Math.max(length, value);
                default -> throw new UnsupportedException("rows are not normalised by " + norm);
            };
        }
        return norm.equals("l2") ? Math.sqrt(length) : length;
    }

    static Fitted binarizer(PyObject object) {
        double threshold = object.number("threshold", 0);
        return dense(object, rows -> binarized(rows, threshold));
    }

    static Matrix binarized(Matrix rows, double threshold) {
        Matrix flags = new Matrix(rows.rows(), rows.columns());
        for (int i = 0; i < flags.values().length; i++) {
            flags.values()[i] = rows.values()[i] > threshold ? 1 : 0;
        }
        return flags;
    }
}
