package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Rows of counts for texts: of the terms of a vocabulary, or of the hash values of terms. */
final class TextVectorizer {

    /** Where a term is counted. */
    @FunctionalInterface
    private interface Counter {
        void count(String term, SparseRow row);
    }

    private TextVectorizer() {}

    private static Fitted of(PyObject model, int columns, Counter counter, UnaryOperator<SparseMatrix> then) {
        Tokens tokens = new Tokens(model);
        boolean flags = model.flag("binary", false);
        return Fitted.transformer(new Inputs.Texts(), table -> {
            List<String> texts = Frame.of(table).texts();
            int[][] indices = new int[texts.size()][];
            double[][] values = new double[texts.size()][];
            for (int row = 0; row < indices.length; row++) {
                SparseRow counts = new SparseRow();
                tokens.each(texts.get(row), term -> counter.count(term, counts));
                if (flags) {
                    counts.elements().replaceAll((column, value) -> Math.signum(value));
                }
                indices[row] = counts.indices();
                values[row] = counts.values();
            }
            return then.apply(new SparseMatrix(columns, indices, values));
        });
    }

    static Fitted count(PyObject object) {
        Map<String, Integer> vocabulary = vocabulary(object);
        return of(object, vocabulary.size(), known(vocabulary), counts -> counts);
    }

    static Fitted tfidf(PyObject object) {
        Map<String, Integer> vocabulary = vocabulary(object);
        Tfidf weights = new Tfidf(object.object("_tfidf"));
        return of(object, vocabulary.size(), known(vocabulary), weights::transform);
    }

    private static Counter known(Map<String, Integer> vocabulary) {
        return (term, row) -> {
            Integer column = vocabulary.get(term);
            if (column != null) {
                row.add(column, 1);
            }
        };
    }

    private static Map<String, Integer> vocabulary(PyObject object) {
        if (!(object.find("vocabulary_").orElse(null) instanceof Map<?, ?> map)) {
            throw new InvalidRequestException(object.simpleType() + " has no vocabulary_: it is not fitted");
        }
        Map<String, Integer> vocabulary = new HashMap<>();
        map.forEach((term, place) -> {
            if (!(place instanceof Number number) || number.longValue() < 0 || number.longValue() >= map.size()) {
                throw new InvalidRequestException("a vocabulary with a place outside of it");
            }
            vocabulary.put(String.valueOf(term), number.intValue());
        });
        return vocabulary;
    }

    static Fitted hashing(PyObject object) {
        int columns = (int) object.number("n_features", 1 << 20);
        boolean signed = object.flag("alternate_sign", true);
        String norm = object.text("norm", "");
        if (columns < 1) {
            throw new InvalidRequestException("HashingVectorizer with " + columns + " features");
        }
        Counter counter = (term, row) -> {
            int hash = MurmurHash3.hash32(term.getBytes(StandardCharsets.UTF_8));
            int column = (int) (Math.abs((long) hash) % columns);
            row.add(column, signed && hash < 0 ? -1 : 1);
        };
        return of(object, columns, counter, counts -> {
            for (double[] values : counts.values()) {
                Tfidf.normalize(values, norm);
            }
            return counts;
        });
    }
}
