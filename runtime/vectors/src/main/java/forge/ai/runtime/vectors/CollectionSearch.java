package forge.ai.runtime.vectors;

import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.VectorMatch;
import forge.ai.api.vector.VectorQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;

/** One search of a collection. */
final class CollectionSearch {

    private final CollectionSpec spec;
    private final float[] vector;
    private final VectorQuery query;
    private final int effort;

    /**
     * A search.
     *
     * @param vector what is to be near; that of the query or made from its text
     * @param effort candidates where the query asks for no number
     */
    CollectionSearch(CollectionSpec spec, float[] vector, VectorQuery query, int effort) {
        this.spec = spec;
        this.vector = vector;
        this.query = query;
        this.effort = Math.max(query.k(), query.effort() == 0 ? effort : query.effort());
    }

    List<VectorMatch> in(IndexSearcher searcher) throws IOException {
        Query filter = FilterQueries.of(query.filter());
        Nearest nearest = new Nearest(query.k(), new Scores(spec.metric(), vector), searcher);
        if (query.exact()) {
            Scan.vectors(searcher, filter, nearest::offer);
        } else {
            graph(searcher, filter, nearest);
        }
        List<VectorMatch> matches = new ArrayList<>();
        for (Nearest.Candidate found : nearest.inOrder()) {
            matches.add(new VectorMatch(StoredCollection.entry(searcher, found.document()), found.score()));
        }
        return matches;
    }

    /** The graph gives candidates; they are measured anew, in double precision, as in the exact search. */
    private void graph(IndexSearcher searcher, Query filter, Nearest nearest) throws IOException {
        boolean all = filter instanceof MatchAllDocsQuery;
        Query candidates = new KnnFloatVectorQuery(EntryDocuments.VECTOR, vector, effort, all ? null : filter);
        for (ScoreDoc found : searcher.search(candidates, effort).scoreDocs) {
            nearest.offer(found.doc, StoredCollection.vector(searcher, found.doc));
        }
    }
}
