package forge.ai.runtime.vectors;

import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.Metric;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;

/** What a collection was made with, as each commit of its index carries it along. */
final class CollectionRecord {

    private static final String NAME = "name";
    private static final String DIMENSIONS = "dimensions";
    private static final String METRIC = "metric";
    private static final String MODEL = "model";

    private CollectionRecord() {}

    /** What a collection was made with, from its last commit; empty if there is none. */
    static Optional<CollectionSpec> spec(Directory directory) throws IOException {
        if (!DirectoryReader.indexExists(directory)) {
            return Optional.empty();
        }
        Map<String, String> data = SegmentInfos.readLatestCommit(directory).getUserData();
        return Optional.of(new CollectionSpec(
                data.get(NAME),
                Integer.parseInt(data.get(DIMENSIONS)),
                Metric.valueOf(data.get(METRIC)),
                data.get(MODEL)));
    }

    /** Makes a collection in a folder; false if there is one already. */
    static boolean create(Directory directory, CollectionSpec spec, Settings settings) throws IOException {
        try (IndexWriter writer = new IndexWriter(directory, CollectionWriter.config(spec, settings))) {
            // Asked under the lock, so that nobody makes one meanwhile.
            Iterable<Map.Entry<String, String>> before = writer.getLiveCommitData();
            if (before != null
                    && StreamSupport.stream(before.spliterator(), false)
                            .findAny()
                            .isPresent()) {
                return false;
            }
            Map<String, String> data = Map.of(
                    NAME, spec.name(),
                    DIMENSIONS, Integer.toString(spec.dimensions()),
                    METRIC, spec.metric().name(),
                    MODEL, spec.model());
            writer.setLiveCommitData(data.entrySet());
            writer.commit();
        }
        return true;
    }
}
