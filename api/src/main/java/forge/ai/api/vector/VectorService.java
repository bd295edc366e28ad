package forge.ai.api.vector;

import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Collections of vectors, kept in the home folder and searched by nearness.
 *
 * <p>What a call has changed is on disk and is found by every search when the call returns; a call that does not return,
 * because the process dies, has changed all or nothing. Methods block, may be called by many threads, and end early with
 * {@link forge.ai.api.CancelledException} when their thread is interrupted.
 *
 * <p>Everywhere: an unknown collection is {@link forge.ai.api.NotFoundException}; a vector of the wrong length, with a
 * number that is not finite, or zero under {@link Metric#COSINE}, an id twice in one call, and sizes beyond the limits
 * are {@link forge.ai.api.InvalidRequestException} with what is wrong in {@link
 * forge.ai.api.ErrorDetails#parameter}; a text without a model to embed it is {@link
 * forge.ai.api.UnsupportedException}, and what the model fails with comes as it is.
 */
@ProviderType
public interface VectorService {

    /**
     * Makes a collection.
     *
     * @throws forge.ai.api.InvalidRequestException if there is one of that name, or the specification is not allowed
     * @throws forge.ai.api.ResourceExhaustedException if there are as many as allowed
     */
    void create(CollectionSpec spec);

    /** Takes a collection and all in it away. */
    void drop(String collection);

    /** All collections, by name. */
    List<VectorCollection> collections();

    VectorCollection collection(String name);

    /**
     * Adds entries, all or none.
     *
     * @throws forge.ai.api.InvalidRequestException also if there is an entry of one of the ids
     * @throws forge.ai.api.ResourceExhaustedException if the collection would have more than allowed
     */
    void add(String collection, List<VectorEntry> entries);

    /** Adds entries, or replaces those that have their ids; otherwise as {@link #add}. */
    void put(String collection, List<VectorEntry> entries);

    /** Takes entries out; ids that none has do not matter. Returns how many there were. */
    int delete(String collection, Collection<String> ids);

    /** The entries of these ids, in their order; without those that are not there. */
    List<VectorEntry> get(String collection, List<String> ids);

    /** The nearest entries, the nearest first, of equals the one with the lesser id; fewer than k if there are fewer. */
    List<VectorMatch> search(VectorQuery query);

    /**
     * Finds clusters among vectors by k-means: k-means++ for the first centres, then Lloyd's iterations with the bounds
     * of Hamerly (2010), which give the same result with less work. A cluster that becomes empty gets the vector that is
     * farthest from its own centre.
     */
    Clusters cluster(List<float[]> vectors, ClusterOptions options);

    /** Finds clusters among the entries of a collection that the filter lets through; otherwise as for vectors. */
    StoredClusters cluster(String collection, VectorFilter filter, ClusterOptions options);
}
