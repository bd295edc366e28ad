package forge.ai.api.vector;

import java.util.Objects;

/**
 * A search for the nearest entries.
 *
 * @param collection the name of the collection
 * @param vector what they are to be near; of no length if the collection's model is to make it from the text. Not copied
 * @param text the text to make it from, or empty
 * @param k how many are wanted
 * @param filter which entries count
 * @param exact whether all entries are looked at; otherwise a graph (HNSW) leads to the nearest, which is much faster in
 *     large collections and may miss some
 * @param effort how many candidates the search in the graph keeps, 0 for the service's default; more miss less and take
 *     longer
 */
public record VectorQuery(
        String collection, float[] vector, String text, int k, VectorFilter filter, boolean exact, int effort) {

    private static final float[] NONE = {};

    public VectorQuery {
        Objects.requireNonNull(collection, "collection");
        Objects.requireNonNull(vector, "vector");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(filter, "filter");
    }

    /** Near a vector, by the graph. */
    public static VectorQuery of(String collection, float[] vector, int k) {
        return new VectorQuery(collection, vector, "", k, VectorFilter.all(), false, 0);
    }

    /** Near a text, by the graph. */
    public static VectorQuery ofText(String collection, String text, int k) {
        return new VectorQuery(collection, NONE, text, k, VectorFilter.all(), false, 0);
    }

    public VectorQuery withFilter(VectorFilter value) {
        return new VectorQuery(collection, vector, text, k, value, exact, effort);
    }

    public VectorQuery withVector(float[] value) {
        return new VectorQuery(collection, value, text, k, filter, exact, effort);
    }

    public VectorQuery exactly() {
        return new VectorQuery(collection, vector, text, k, filter, true, effort);
    }

    public VectorQuery withEffort(int value) {
        return new VectorQuery(collection, vector, text, k, filter, exact, value);
    }

    /** Without the text and the filter, which do not belong into a log. */
    @Override
    public String toString() {
        return "VectorQuery[" + collection + ", k=" + k + (exact ? ", exact" : "") + "]";
    }
}
