package forge.ai.provider.local;

import forge.ai.provider.local.CacheLayout.Entry;
import forge.ai.provider.local.CacheMemory.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The keys and values of several sequences, a row each; those of shorter ones stand at the end, behind numbers that are
 * not looked at.
 *
 * @param rows the sequences
 * @param length how many tokens the longest has
 * @param blocks for each entry of the layout; empty while there are no tokens
 */
record CacheBatch(List<Row> rows, int length, List<Block> blocks) {

    private static final byte[] ZEROS = new byte[4096];

    /**
     * A sequence of a batch.
     *
     * @param cached how many of its tokens are there, from the first on
     */
    record Row(Sequence sequence, int cached) {
        /** How many of its tokens are not there yet. */
        int missing() {
            return sequence.tokens().length - cached;
        }
    }

    /** Where a row is copied from. */
    private record Source(CacheBatch batch, int index) {
        Row row() {
            return batch.rows.get(index);
        }
    }

    CacheBatch {
        rows = List.copyOf(rows);
        blocks = List.copyOf(blocks);
    }

    /** A sequence of which nothing is there yet. */
    static CacheBatch of(Sequence sequence) {
        return new CacheBatch(List.of(new Row(sequence, 0)), 0, List.of());
    }

    boolean has(Sequence sequence) {
        return rows.stream().anyMatch(row -> row.sequence() == sequence);
    }

    /** With more tokens of each row. */
    CacheBatch with(int tokens, List<Block> grown) {
        List<Row> after = rows.stream()
                .map(row -> new Row(row.sequence(), row.cached() + tokens))
                .toList();
        return new CacheBatch(after, length + tokens, grown);
    }

    /** A copy of one row. */
    CacheBatch row(Row row, CacheLayout layout, CacheMemory memory) {
        return copy(List.of(new Source(this, rows.indexOf(row))), row.cached(), layout, memory);
    }

    /** A copy of what a row, the only one here, has of the first tokens of another sequence. */
    CacheBatch begin(Row other, CacheLayout layout, CacheMemory memory) {
        List<Block> begun = new ArrayList<>();
        for (int i = 0; i < layout.entries().size(); i++) {
            Entry entry = layout.entries().get(i);
            Block block = memory.take(entry.type(), entry.shape(1, other.cached()));
            ByteBuffer from = blocks.get(i).tensor().data();
            for (int head = 0; head < entry.heads(); head++) {
                int bytes = other.cached() * entry.stride();
                block.memory().put(head * bytes, from, head * length * entry.stride(), bytes);
            }
            begun.add(block);
        }
        return new CacheBatch(List.of(other), other.cached(), begun);
    }

    void giveBack(CacheMemory memory) {
        blocks.forEach(memory::giveBack);
    }

    /** Puts the wanted rows of batches into one, and gives the batches' memory back; one that stays whole is not copied. */
    static CacheBatch gather(
            List<CacheBatch> batches, Predicate<Sequence> wanted, CacheLayout layout, CacheMemory memory) {
        List<Source> sources = new ArrayList<>();
        for (CacheBatch batch : batches) {
            for (int i = 0; i < batch.rows.size(); i++) {
                if (wanted.test(batch.rows.get(i).sequence())) {
                    sources.add(new Source(batch, i));
                }
            }
        }
        if (batches.size() == 1 && sources.size() == batches.getFirst().rows.size()) {
            return batches.getFirst();
        }
        int length =
                sources.stream().mapToInt(source -> source.row().cached()).max().orElse(0);
        CacheBatch gathered = copy(sources, length, layout, memory);
        batches.forEach(batch -> batch.giveBack(memory));
        return gathered;
    }

    private static CacheBatch copy(List<Source> sources, int length, CacheLayout layout, CacheMemory memory) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < layout.entries().size() && length > 0; i++) {
            Entry entry = layout.entries().get(i);
            Block block = memory.take(entry.type(), entry.shape(sources.size(), length));
            for (int row = 0; row < sources.size(); row++) {
                copy(sources.get(row), i, block.memory(), row, length, entry);
            }
            blocks.add(block);
        }
        return new CacheBatch(sources.stream().map(Source::row).toList(), length, blocks);
    }

    private static void copy(Source source, int index, ByteBuffer to, int row, int length, Entry entry) {
        ByteBuffer from = source.batch().blocks.get(index).tensor().data();
        int stride = entry.stride();
        int bytes = source.row().cached() * stride;
        int begin = (length - source.row().cached()) * stride;
        for (int head = 0; head < entry.heads(); head++) {
            int target = (row * entry.heads() + head) * length * stride;
            // What is not looked at is multiplied by 0, which must not be done to NaN.
            for (int at = 0; at < begin; at += ZEROS.length) {
                to.put(target + at, ZEROS, 0, Math.min(ZEROS.length, begin - at));
            }
            int end = ((source.index() * entry.heads() + head) + 1) * source.batch().length * stride;
            to.put(target + begin, from, end - bytes, bytes);
        }
    }
}
