package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.PyClass;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Estimators made of others: pipelines and unions. */
final class Composition {

    private Composition() {}

    static Fitted pipeline(PyObject object, Estimators estimators) {
        List<Fitted> steps = new ArrayList<>();
        for (Object step : object.list("steps")) {
            Object estimator = ((List<?>) step).get(1);
            if (estimator instanceof PyObject known) {
                steps.add(estimators.of(known));
            } else if (estimator != null && !"passthrough".equals(estimator)) {
                throw new InvalidRequestException("a pipeline with a step that is no estimator");
            }
        }
        if (steps.isEmpty()) {
            throw new InvalidRequestException("a pipeline without steps");
        }
        Fitted all = steps.getFirst();
        for (Fitted next : steps.subList(1, steps.size())) {
            all = then(all, next);
        }
        return all;
    }

    private static Fitted then(Fitted first, Fitted second) {
        Transformer before = first.step();
        LinkedHashMap<String, Method> methods = new LinkedHashMap<>();
        second.methods().forEach((name, method) -> methods.put(name, method.after(before)));
        Transformer after = second.transformer();
        return new Fitted(
                first.inputs(), methods, after == null ? null : rows -> after.transform(before.transform(rows)));
    }

    static Fitted union(PyObject object, Estimators estimators) {
        Map<?, ?> weights = object.find("transformer_weights")
                .filter(Map.class::isInstance)
                .map(w -> (Map<?, ?>) w)
                .orElse(Map.of());
        List<Fitted> parts = new ArrayList<>();
        List<Transformer> transformers = new ArrayList<>();
        for (Object part : object.list("transformer_list")) {
            Object estimator = ((List<?>) part).get(1);
            if (estimator instanceof PyObject known) {
                Fitted fitted = estimators.of(known);
                parts.add(fitted);
                transformers.add(weighted(fitted.step(), weights.get(((List<?>) part).get(0))));
            } else if ("passthrough".equals(estimator)) {
                transformers.add(rows -> rows);
            }
        }
        if (parts.isEmpty()) {
            throw new InvalidRequestException("a union without transformers");
        }
        return Fitted.transformer(
                parts.getFirst().inputs(),
                rows -> Tables.beside(
                        transformers.stream().map(t -> t.transform(rows)).toList(), rows.rows()));
    }

    /** A transformer whose features are multiplied; without a weight, itself. */
    static Transformer weighted(Transformer transformer, @Nullable Object weight) {
        if (!(weight instanceof Number number)) {
            return transformer;
        }
        return rows -> {
            Matrix matrix = transformer.transform(rows).dense();
            Matrix weighted = new Matrix(matrix.rows(), matrix.columns());
            for (int i = 0; i < matrix.values().length; i++) {
                weighted.values()[i] = matrix.values()[i] * number.doubleValue();
            }
            return weighted;
        };
    }

    /** Only functions that change nothing are known: none, and scikit-learn's own check of arrays. */
    static Fitted function(PyObject object) {
        Object function = object.find("func").orElse(null);
        boolean check = function instanceof PyObject partial
                && partial.simpleType().equals("partial")
                && partial.arguments().size() == 1
                && partial.arguments().getFirst() instanceof PyClass called
                && called.name().equals("sklearn.utils.validation.check_array");
        if (function != null && !check) {
            throw new UnsupportedException("FunctionTransformer with a function of its own is not computed");
        }
        return Fitted.transformer(Estimators.numbers(object), rows -> rows);
    }
}
