package forge.ai.runtime.vectors;

import forge.ai.api.CancelledException;
import java.io.IOException;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;

/** Looks at the vector of every document that a filter lets through. */
final class Scan {

    /** Is shown a vector, which it has to copy to keep. */
    @FunctionalInterface
    interface Visitor {
        void visit(int document, float[] vector) throws IOException;
    }

    /** An interrupt is looked for after so many documents. */
    private static final int STRIDE = 1024;

    private Scan() {}

    static void vectors(IndexSearcher searcher, Query filter, Visitor visitor) throws IOException {
        Weight weight = searcher.createWeight(searcher.rewrite(filter), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            Scorer scorer = weight.scorer(leaf);
            FloatVectorValues vectors = leaf.reader().getFloatVectorValues(EntryDocuments.VECTOR);
            if (scorer != null && vectors != null) {
                scan(leaf, scorer.iterator(), vectors, visitor);
            }
        }
    }

    private static void scan(
            LeafReaderContext leaf, DocIdSetIterator matching, FloatVectorValues vectors, Visitor visitor)
            throws IOException {
        Bits live = leaf.reader().getLiveDocs();
        var documents = vectors.iterator();
        int seen = 0;
        for (int doc = matching.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = matching.nextDoc()) {
            if ((live == null || live.get(doc)) && documents.advance(doc) == doc) {
                visitor.visit(leaf.docBase + doc, vectors.vectorValue(documents.index()));
            }
            if (++seen % STRIDE == 0 && Thread.currentThread().isInterrupted()) {
                throw new CancelledException("interrupted while looking at vectors");
            }
        }
    }
}
