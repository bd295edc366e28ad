package forge.ai.runtime.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/** Lucene's codec, with the graph as configured. It writes under Lucene's own names, which is how it is found to read. */
final class HnswCodec extends Lucene104Codec {

    private final KnnVectorsFormat format;

    HnswCodec(Settings.Graph graph, int dimensions) {
        format = new AnyLength(new Lucene99HnswVectorsFormat(graph.links(), graph.candidates()), dimensions);
    }

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
    }

    /** Lucene refuses more than 1024 dimensions for speed's sake, although its format has room for them. */
    private static final class AnyLength extends KnnVectorsFormat {
        private final KnnVectorsFormat format;
        private final int dimensions;

        AnyLength(KnnVectorsFormat format, int dimensions) {
            super(format.getName());
            this.format = format;
            this.dimensions = dimensions;
        }

        @Override
        public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
            return format.fieldsWriter(state);
        }

        @Override
        public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
            return format.fieldsReader(state);
        }

        @Override
        public int getMaxDimensions(String field) {
            return dimensions;
        }
    }
}
