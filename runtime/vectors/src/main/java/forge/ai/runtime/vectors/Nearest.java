package forge.ai.runtime.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.lucene.search.IndexSearcher;

/** Keeps the nearest of the documents that it is shown. */
final class Nearest {

    /** A document with its score. */
    record Candidate(int document, double score) {}

    private final int k;
    private final Scores scores;
    private final IndexSearcher searcher;
    private final Comparator<Candidate> nearerFirst;
    private final PriorityQueue<Candidate> kept;

    Nearest(int k, Scores scores, IndexSearcher searcher) {
        this.k = k;
        this.scores = scores;
        this.searcher = searcher;
        this.nearerFirst = this::compare;
        this.kept = new PriorityQueue<>(nearerFirst.reversed());
    }

    /** The id is looked up for equal scores alone. */
    private int compare(Candidate one, Candidate other) {
        int byScore = scores.compare(one.score(), other.score());
        return byScore != 0 || one.document() == other.document()
                ? byScore
                : id(one.document()).compareTo(id(other.document()));
    }

    private String id(int document) {
        try {
            return searcher.storedFields()
                    .document(document, Set.of(EntryDocuments.ID))
                    .get(EntryDocuments.ID);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void offer(int document, float[] vector) {
        Candidate candidate = new Candidate(document, scores.of(vector));
        if (kept.size() < k) {
            kept.add(candidate);
        } else if (nearerFirst.compare(candidate, kept.element()) < 0) {
            kept.remove();
            kept.add(candidate);
        }
    }

    /** The nearest first. */
    List<Candidate> inOrder() {
        List<Candidate> all = new ArrayList<>(kept);
        all.sort(nearerFirst);
        return all;
    }
}
