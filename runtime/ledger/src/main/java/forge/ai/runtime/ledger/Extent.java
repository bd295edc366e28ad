package forge.ai.runtime.ledger;

import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageFilter;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.function.Consumer;

/**
 * Entries of a file.
 *
 * @param end where those that count end
 */
record Extent(EntryFile file, long end) {

    /** Reads those that the filter means, oldest first; none if the file was deleted meanwhile. */
    void scan(UsageFilter filter, Consumer<UsageEntry> reader) throws IOException {
        try {
            RecordFile.scan(file.path(), end, record -> {
                UsageEntry entry = Rows.read(record);
                if (filter.names(entry.provider(), entry.model(), entry.key()) && filter.spans(entry.at())) {
                    reader.accept(entry);
                }
            });
        } catch (NoSuchFileException e) {
            // It was too old to be kept.
        }
    }
}
