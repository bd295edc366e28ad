package forge.ai.runtime.vectors;

import forge.ai.api.vector.ClusterOptions;
import forge.ai.api.vector.VectorFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/** The vectors of a collection that a filter lets through, in the order of their ids. */
record StoredVectors(List<String> ids, List<float[]> vectors) {

    private record Stored(String id, float[] vector) {}

    static StoredVectors of(StoredCollection collection, VectorFilter filter, ClusterOptions options, Limits limits)
            throws IOException {
        return collection.read(searcher -> {
            Query query = FilterQueries.of(filter);
            // Before any is copied.
            limits.check(searcher.count(query), collection.spec().dimensions(), options);
            return of(searcher, query);
        });
    }

    private static StoredVectors of(IndexSearcher searcher, Query query) throws IOException {
        List<Stored> all = new ArrayList<>();
        var documents = searcher.storedFields();
        Scan.vectors(searcher, query, (number, vector) -> {
            String id = documents.document(number, Set.of(EntryDocuments.ID)).get(EntryDocuments.ID);
            all.add(new Stored(id, vector.clone()));
        });
        all.sort(Comparator.comparing(Stored::id));
        return new StoredVectors(
                all.stream().map(Stored::id).toList(),
                all.stream().map(Stored::vector).toList());
    }
}
