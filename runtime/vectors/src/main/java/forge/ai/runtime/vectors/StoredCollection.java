package forge.ai.runtime.vectors;

import forge.ai.api.Cancellation;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.VectorEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.jspecify.annotations.Nullable;

/**
 * One collection: a Lucene index in a folder of its own. Readers see what is committed and nothing else, so what is found
 * is on disk; that is also what lets a new instance of this bundle search while the old one still holds the lock for
 * writing.
 */
final class StoredCollection {

    /** Works on the collection as it is at one moment. */
    @FunctionalInterface
    interface Reading<T> {
        T read(IndexSearcher searcher) throws IOException;
    }

    private final CollectionSpec spec;
    private final Directory directory;
    private final SearcherManager searchers;
    private final CollectionWriter writer;

    private StoredCollection(
            CollectionSpec spec, Directory directory, SearcherManager searchers, Supplier<Settings> settings) {
        this.spec = spec;
        this.directory = directory;
        this.searchers = searchers;
        this.writer = new CollectionWriter(directory, searchers, spec, settings);
    }

    /** Opens a collection; empty if the folder holds none, or one whose making did not come to its end. */
    static Optional<StoredCollection> open(Path folder, Supplier<Settings> settings) throws IOException {
        Directory directory = new MMapDirectory(folder);
        try {
            Optional<CollectionSpec> spec = CollectionRecord.spec(directory);
            if (spec.isPresent()) {
                SearcherManager searchers = new SearcherManager(directory, new Uncached());
                return Optional.of(new StoredCollection(spec.get(), directory, searchers, settings));
            }
        } catch (Throwable e) {
            directory.close();
            throw e;
        }
        directory.close();
        return Optional.empty();
    }

    /** Lucene's cache of queries is one for the whole process and would outlive this bundle. */
    private static final class Uncached extends SearcherFactory {
        @Override
        public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
            IndexSearcher searcher = new IndexSearcher(reader);
            searcher.setQueryCache(null);
            return searcher;
        }
    }

    CollectionSpec spec() {
        return spec;
    }

    CollectionWriter writer() {
        return writer;
    }

    <T> T read(Reading<T> reading) throws IOException {
        if (!writer.exclusive()) {
            // Somebody else may have changed it: the instance that this one replaces.
            searchers.maybeRefreshBlocking();
        }
        IndexSearcher searcher = searchers.acquire();
        try {
            return reading.read(searcher);
        } finally {
            searchers.release(searcher);
        }
    }

    long entries() throws IOException {
        return this.<Integer>read(searcher -> searcher.getIndexReader().numDocs());
    }

    List<VectorEntry> get(Collection<String> ids) throws IOException {
        return read(searcher -> {
            List<VectorEntry> entries = new ArrayList<>();
            for (String id : ids) {
                ScoreDoc[] found = searcher.search(new TermQuery(EntryDocuments.id(id)), 1).scoreDocs;
                if (found.length > 0) {
                    entries.add(entry(searcher, found[0].doc));
                }
            }
            return entries;
        });
    }

    /**
     * Puts entries in.
     *
     * @param replace whether those with the same ids are replaced; refused otherwise
     */
    int write(List<VectorEntry> entries, boolean replace, Limits limits, Cancellation cancellation) throws IOException {
        return writer.change(
                index -> {
                    List<String> there =
                            present(entries.stream().map(VectorEntry::id).toList());
                    if (!replace && !there.isEmpty()) {
                        throw Limits.refused("entries", "there is an entry '" + there.getFirst() + "'");
                    }
                    if (entries() + entries.size() - there.size() > limits.entries()) {
                        throw new ResourceExhaustedException("collection '" + spec.name() + "' would have more than "
                                + limits.entries() + " entries, which are allowed");
                    }
                    for (VectorEntry entry : entries) {
                        index.updateDocument(
                                EntryDocuments.id(entry.id()), EntryDocuments.document(entry, spec.metric()));
                    }
                    return entries.size();
                },
                cancellation);
    }

    /** Takes entries out; returns how many there were. */
    int delete(Collection<String> ids, Cancellation cancellation) throws IOException {
        return writer.change(
                index -> {
                    List<String> there = present(new LinkedHashSet<>(ids));
                    index.deleteDocuments(there.stream().map(EntryDocuments::id).toArray(Term[]::new));
                    return there.size();
                },
                cancellation);
    }

    /** Those of the ids that entries have. */
    private List<String> present(Collection<String> ids) throws IOException {
        return read(searcher -> {
            List<String> there = new ArrayList<>();
            for (String id : ids) {
                if (searcher.count(new TermQuery(EntryDocuments.id(id))) > 0) {
                    there.add(id);
                }
            }
            return there;
        });
    }

    static VectorEntry entry(IndexSearcher searcher, int number) throws IOException {
        Document document = searcher.storedFields().document(number);
        return EntryDocuments.entry(document, vector(searcher, number));
    }

    /** A copy of the vector of a document. */
    static float[] vector(IndexSearcher searcher, int number) throws IOException {
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(number, leaves));
        FloatVectorValues values = leaf.reader().getFloatVectorValues(EntryDocuments.VECTOR);
        var documents = values.iterator();
        documents.advance(number - leaf.docBase);
        return values.vectorValue(documents.index()).clone();
    }

    /** What has been committed stays; returns once no change is being made any more. */
    void close() throws IOException {
        try {
            writer.close();
            searchers.close();
        } finally {
            directory.close();
        }
    }
}
