package forge.ai.runtime.vectors;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.vector.ClusterOptions;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.Metric;
import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorQuery;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is allowed: refuses the rest, saying which part of the request is wrong and what would be right.
 *
 * @param collections at most so many
 * @param entries of one collection
 * @param dimensions of one vector
 * @param batch entries or ids in one call
 * @param k matches of one search
 * @param textChars of one text
 * @param clusterValues numbers of all vectors in one k-means
 */
record Limits(int collections, int entries, int dimensions, int batch, int k, int textChars, int clusterValues) {

    private static final int ID_CHARS = 512;
    private static final int KEYS = 64;
    private static final int KEY_CHARS = 128;

    /** A term of the index has at most 32766 bytes, and a character at most three. */
    private static final int VALUE_CHARS = 8_192;

    private static final int CLUSTERS = 4_096;
    private static final int CLUSTER_ITERATIONS = 100_000;

    void check(CollectionSpec spec) {
        name(spec.name());
        if (spec.dimensions() < 1 || spec.dimensions() > dimensions) {
            throw refused("dimensions", spec.dimensions() + ": allowed is 1 to " + dimensions);
        }
        if (spec.model().length() > ID_CHARS) {
            throw refused("model", "allowed are " + ID_CHARS + " characters");
        }
    }

    static void name(String name) {
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw refused("name", "allowed are 1 to 64 of a-z 0-9 . _ -, the first a letter or digit");
        }
    }

    void check(Collection<?> batchOfOne, String what) {
        if (batchOfOne.size() > batch) {
            throw refused(what, batchOfOne.size() + " in one call: allowed are " + batch);
        }
    }

    /** Entries, vectors apart. */
    void check(List<VectorEntry> all) {
        check(all, "entries");
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            VectorEntry entry = all.get(i);
            String where = "entries[" + i + "]";
            if (entry.id().isEmpty() || entry.id().length() > ID_CHARS) {
                throw refused(where + ".id", "allowed are 1 to " + ID_CHARS + " characters");
            }
            if (!ids.add(entry.id())) {
                throw refused(where + ".id", "'" + entry.id() + "' is there twice");
            }
            text(entry.text(), where + ".text");
            metadata(entry.metadata(), where + ".metadata");
        }
    }

    void text(String text, String where) {
        if (text.length() > textChars) {
            throw refused(where, text.length() + " characters: allowed are " + textChars);
        }
    }

    private static void metadata(Map<String, Object> metadata, String where) {
        if (metadata.size() > KEYS) {
            throw refused(where, metadata.size() + " keys: allowed are " + KEYS);
        }
        metadata.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > KEY_CHARS) {
                throw refused(where, "a key of " + key.length() + " characters: allowed are 1 to " + KEY_CHARS);
            }
            if (value instanceof String s && s.length() > VALUE_CHARS) {
                throw refused(where + "." + key, s.length() + " characters: allowed are " + VALUE_CHARS);
            }
            if (value instanceof Double d && !Double.isFinite(d)) {
                throw refused(where + "." + key, d + ": allowed are finite numbers");
            }
        });
    }

    /** A vector for, or of, a collection. */
    static void vector(float[] vector, CollectionSpec spec, String where) {
        if (vector.length != spec.dimensions()) {
            throw refused(
                    where, vector.length + " dimensions: collection '" + spec.name() + "' has " + spec.dimensions());
        }
        finite(vector, where);
        // Beyond these, single precision, in which the graph is built, knows no lengths any more.
        double length = Scores.dot(vector, vector);
        if (length > 1e37) {
            throw refused(where, "a vector of the length " + Math.sqrt(length) + ": allowed is 3e18");
        }
        if (spec.metric() == Metric.COSINE && length < 1e-30) {
            throw refused(where, "a vector of the length " + Math.sqrt(length) + " has no direction for COSINE");
        }
    }

    private static void finite(float[] vector, String where) {
        for (int i = 0; i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                throw refused(where + "[" + i + "]", vector[i] + ": allowed are finite numbers");
            }
        }
    }

    void check(VectorQuery query) {
        if (query.k() < 1 || query.k() > k) {
            throw refused("k", query.k() + ": allowed is 1 to " + k);
        }
        if (query.effort() < 0 || query.effort() > Math.max(k, 10_000)) {
            throw refused("effort", query.effort() + ": allowed is 0 to " + Math.max(k, 10_000));
        }
        text(query.text(), "text");
    }

    /** Vectors to be clustered. */
    void check(List<float[]> vectors, ClusterOptions options) {
        check(vectors.size(), vectors.isEmpty() ? 0 : vectors.getFirst().length, options);
        for (int i = 0; i < vectors.size(); i++) {
            String where = "vectors[" + i + "]";
            if (vectors.get(i).length != vectors.getFirst().length) {
                throw refused(where, "its length differs from that of the first");
            }
            finite(vectors.get(i), where);
        }
    }

    /** A number of vectors of one length to be clustered. */
    void check(long vectors, int length, ClusterOptions options) {
        if (options.k() < 1 || options.k() > Math.min(vectors, CLUSTERS)) {
            throw refused(
                    "k",
                    options.k() + ": allowed is 1 to " + Math.min(vectors, CLUSTERS) + ", with " + vectors
                            + " vectors");
        }
        if (options.iterations() < 1 || options.iterations() > CLUSTER_ITERATIONS) {
            throw refused("iterations", options.iterations() + ": allowed is 1 to " + CLUSTER_ITERATIONS);
        }
        if (!(options.tolerance() >= 0)) {
            throw refused("tolerance", options.tolerance() + ": allowed is 0 or more");
        }
        if (vectors * length > clusterValues) {
            throw refused("vectors", vectors + " of " + length + " numbers: allowed are " + clusterValues + " numbers");
        }
    }

    static InvalidRequestException refused(String parameter, String why) {
        return new InvalidRequestException(parameter + ": " + why, ErrorDetails.NONE.withParameter(parameter));
    }
}
