package forge.ai.runtime.vectors;

import forge.ai.api.vector.Metric;
import forge.ai.api.vector.VectorEntry;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * How an entry stands in the index. Each key of the metadata is a field whose first letter says what its values are: a
 * text, a truth value, a number as it is kept ({@code l}, {@code d}), as a term for equality, or as a point for ranges.
 */
final class EntryDocuments {

    static final String ID = "id";
    static final String VECTOR = "vector";
    private static final String TEXT = "text";

    private static final String STRING = "s.";
    private static final String TRUTH = "b.";
    private static final String LONG = "l.";
    private static final String DOUBLE = "d.";
    private static final String NUMBER = "n.";
    private static final String POINT = "p.";

    private EntryDocuments() {}

    static Term id(String id) {
        return new Term(ID, id);
    }

    static VectorSimilarityFunction similarity(Metric metric) {
        return switch (metric) {
            case COSINE -> VectorSimilarityFunction.COSINE;
            // Not DOT_PRODUCT, which is for vectors of length one.
            case DOT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
            case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
        };
    }

    static Document document(VectorEntry entry, Metric metric) {
        Document document = new Document();
        document.add(new StringField(ID, entry.id(), Field.Store.YES));
        document.add(new KnnFloatVectorField(VECTOR, entry.vector(), similarity(metric)));
        if (!entry.text().isEmpty()) {
            document.add(new StoredField(TEXT, entry.text()));
        }
        entry.metadata().forEach((key, value) -> {
            switch (value) {
                case String s -> document.add(new StringField(STRING + key, s, Field.Store.YES));
                case Boolean b -> document.add(new StringField(TRUTH + key, b.toString(), Field.Store.YES));
                case Long l -> number(document, key, l, new StoredField(LONG + key, l));
                default -> number(document, key, (Double) value, new StoredField(DOUBLE + key, (Double) value));
            }
        });
        return document;
    }

    private static void number(Document document, String key, Number value, Field kept) {
        document.add(kept);
        document.add(new StringField(NUMBER + key, term(value), Field.Store.NO));
        document.add(new DoublePoint(POINT + key, value.doubleValue()));
    }

    /** The same text for equal numbers, whole or not. */
    private static String term(Number value) {
        double d = value.doubleValue();
        if (value instanceof Double && !(d == Math.rint(d) && Math.abs(d) < 0x1p63)) {
            return value.toString();
        }
        return Long.toString(value.longValue());
    }

    /**
     * The term that an equal value of the metadata has.
     *
     * @throws IllegalArgumentException if no metadata can have such a value
     */
    static Term equal(String key, Object value) {
        return switch (value) {
            case String s -> new Term(STRING + key, s);
            case Boolean b -> new Term(TRUTH + key, b.toString());
            case Long l -> new Term(NUMBER + key, term(l));
            case Integer i -> new Term(NUMBER + key, term(i));
            case Number n -> new Term(NUMBER + key, term(n.doubleValue()));
            default -> throw new IllegalArgumentException("neither a text nor a number nor true or false");
        };
    }

    static String point(String key) {
        return POINT + key;
    }

    static VectorEntry entry(Document document, float[] vector) {
        Map<String, Object> metadata = new HashMap<>();
        String text = "";
        for (IndexableField field : document.getFields()) {
            String name = field.name();
            if (name.equals(TEXT)) {
                text = field.stringValue();
            } else if (!name.equals(ID)) {
                metadata.put(name.substring(STRING.length()), value(field));
            }
        }
        return new VectorEntry(document.get(ID), vector, text, metadata);
    }

    private static Object value(IndexableField field) {
        if (field.name().startsWith(TRUTH)) {
            return Boolean.valueOf(field.stringValue());
        }
        return field.name().startsWith(STRING) ? field.stringValue() : field.numericValue();
    }
}
