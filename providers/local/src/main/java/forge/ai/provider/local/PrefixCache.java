package forge.ai.provider.local;

import forge.ai.api.ResourceExhaustedException;
import forge.ai.provider.local.CacheBatch.Row;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keys and values of answers that have ended: the next turn of a conversation begins with the same tokens, and so need not
 * read them again. For use by one thread at a time.
 */
final class PrefixCache {

    /** Fewer tokens are read again about as fast. */
    private static final int LEAST = 16;

    private final CacheLayout layout;
    private final CacheMemory memory;
    private final LongSupplier most;
    /** The one used last comes first. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private long bytes;

    /** @param cache a row of its own, whose tokens these are */
    private record Kept(int[] tokens, CacheBatch cache) {
        /** How many tokens both begin with. */
        int common(int[] others) {
            int difference = Arrays.mismatch(tokens, others);
            return difference < 0 ? tokens.length : difference;
        }
    }

    /** @param most the most bytes to keep */
    PrefixCache(CacheLayout layout, CacheMemory memory, LongSupplier most) {
        this.layout = layout;
        this.memory = memory;
        this.most = most;
    }

    /** What is there of a new sequence; the last token of a prompt is always read, because its logits are wanted. */
    Optional<CacheBatch> begin(Sequence sequence) {
        int[] tokens = sequence.tokens();
        Kept best = null;
        int common = LEAST - 1;
        for (Kept one : kept) {
            int found = Math.min(one.common(tokens), tokens.length - 1);
            if (found > common) {
                common = found;
                best = one;
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        kept.remove(best);
        kept.addFirst(best);
        return Optional.of(best.cache().begin(new Row(sequence, common), layout, memory));
    }

    /** Keeps what is there of a sequence, in place of what it went on from. */
    void keep(Sequence sequence, CacheBatch batch) {
        Row row = batch.rows().stream()
                .filter(one -> one.sequence() == sequence)
                .findFirst()
                .orElseThrow();
        long size = row.cached() * layout.bytesOfToken();
        if (row.cached() < LEAST || size > most.getAsLong()) {
            return;
        }
        int[] tokens = Arrays.copyOf(sequence.tokens(), row.cached());
        for (Kept one : List.copyOf(kept)) {
            int common = one.common(tokens);
            if (common == tokens.length) {
                // A longer one that begins alike is there.
                return;
            }
            if (common == one.tokens().length) {
                drop(one);
            }
        }
        while (bytes + size > most.getAsLong()) {
            drop(kept.getLast());
        }
        try {
            kept.addFirst(new Kept(tokens, batch.row(row, layout, memory)));
            bytes += size;
        } catch (ResourceExhaustedException e) {
            // Others need the memory more.
            List.copyOf(kept).forEach(this::drop);
        }
    }

    private void drop(Kept one) {
        kept.remove(one);
        bytes -= one.tokens().length * layout.bytesOfToken();
        one.cache().giveBack(memory);
    }
}
