package forge.ai.provider.local;

import forge.ai.api.Cancellation;
import forge.ai.api.ProtocolException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.provider.local.CacheBatch.Row;
import forge.ai.provider.local.CacheLayout.Entry;
import forge.ai.provider.local.CacheMemory.Block;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Computes the next tokens with a model that takes the keys and values of the tokens before: each token goes in once.
 *
 * <p>Prompts are read alone and in pieces, so that a long one does not hold up the others; what is read goes on together.
 * While the same sequences go on, what the model gave is what it takes, in place; keys and values are copied only where
 * a sequence comes or goes. They never lie on the Java heap, unless the backend puts them there.
 */
final class CachedStep implements ContinuousBatch.Step {

    /** Keys and values are read and written where they are put together, and read for the scores. */
    private static final int PASSES = 3;

    private final CacheLayout layout;
    private final Supplier<Limits> limits;
    private final String output;
    private final int maxRows;
    private final long weights;
    private final int piece;
    private final CacheMemory memory;
    private final PrefixCache prefixes;
    private final List<CacheBatch> reading = new ArrayList<>();
    private final List<CacheBatch> going = new ArrayList<>();
    private final Set<Sequence> gone = new HashSet<>();

    /** @param weights the size of the model in bytes */
    CachedStep(CacheLayout layout, ModelSignature signature, long weights, Supplier<Limits> limits) {
        this.weights = weights;
        this.layout = layout;
        this.limits = limits;
        this.memory = new CacheMemory(() -> limits.get().cacheBytes());
        this.prefixes = new PrefixCache(
                layout, memory, () -> layout.branches() ? 0 : limits.get().prefixBytes());
        this.maxRows = TokenTensors.maxRows(signature);
        TensorSpec logits = CausalStep.logits(signature);
        this.output = logits.name();
        long most = CausalStep.MOST_LOGITS / CausalStep.vocabulary(logits);
        this.piece = layout.branches() ? Integer.MAX_VALUE : (int) Math.max(1, most);
    }

    /** As many as fit into the memory for keys and values. */
    @Override
    public int mostTokens() {
        return (int) Math.min(Integer.MAX_VALUE, limits.get().cacheBytes() / layout.bytesOfToken());
    }

    @Override
    public boolean admits(Collection<Sequence> active, Sequence next) {
        long longest = next.mostTokens();
        for (Sequence sequence : active) {
            longest = Math.max(longest, sequence.mostTokens());
        }
        long tokens = (active.size() + 1) * longest;
        return active.isEmpty()
                || tokens * layout.bytesOfToken() <= limits.get().cacheBytes() && layout.fits(tokens);
    }

    /** Those that were admitted always do. */
    @Override
    public boolean fits(int sequences, int tokens) {
        return true;
    }

    @Override
    public Map<Sequence, float[]> logits(List<Sequence> rows, Cancellation cancellation) {
        for (Sequence row : rows) {
            if (going.stream().noneMatch(batch -> batch.has(row))
                    && reading.stream().noneMatch(batch -> batch.has(row))) {
                CacheBatch begun = prefixes.begin(row).orElseGet(() -> CacheBatch.of(row));
                row.reused(begun.length());
                reading.add(begun);
            }
        }
        Map<Sequence, float[]> logits = new IdentityHashMap<>();
        regroup();
        for (int i = 0; i < going.size(); i++) {
            going.set(i, compute(going.get(i), 1, logits, cancellation));
        }
        read(logits, cancellation);
        return logits;
    }

    private void read(Map<Sequence, float[]> logits, Cancellation cancellation) {
        long left = layout.branches() ? piece : Math.min(piece, limits.get().promptPiece());
        while (left > 0 && !reading.isEmpty()) {
            CacheBatch batch = reading.getFirst();
            int missing = batch.rows().getFirst().missing();
            int tokens = (int) Math.min(left, missing);
            batch = compute(batch, tokens, logits, cancellation);
            left -= tokens;
            if (tokens == missing) {
                reading.removeFirst();
                going.add(batch);
            } else {
                reading.set(0, batch);
            }
        }
    }

    /** Puts together what is better computed together, without those that are gone. */
    private void regroup() {
        List<CacheBatch> left = new ArrayList<>(going);
        left.sort(Comparator.comparingInt(CacheBatch::length).reversed());
        going.clear();
        while (!left.isEmpty()) {
            List<CacheBatch> together = new ArrayList<>(List.of(left.removeFirst()));
            while (!left.isEmpty() && fits(together, left.getFirst())) {
                together.add(left.removeFirst());
            }
            going.add(gather(together));
        }
        gone.clear();
    }

    /**
     * Whether a batch of shorter sequences goes well with others. Filling it up costs memory traffic for nothing; a
     * computation of its own costs that of all weights once more.
     */
    private boolean fits(List<CacheBatch> together, CacheBatch next) {
        int longest = together.getFirst().length();
        long rows = next.rows().size();
        long filled = 0;
        for (CacheBatch batch : together) {
            rows += batch.rows().size();
            filled += batch.rows().stream()
                    .mapToLong(row -> longest - row.cached())
                    .sum();
        }
        filled += next.rows().stream().mapToLong(row -> longest - row.cached()).sum();
        boolean worthwhile = filled * layout.bytesOfToken() * PASSES <= weights;
        return rows <= maxRows && (layout.pads() ? worthwhile : next.length() == longest);
    }

    private CacheBatch gather(List<CacheBatch> batches) {
        return CacheBatch.gather(batches, sequence -> !gone.contains(sequence), layout, memory);
    }

    @Override
    public void ended(Sequence sequence) {
        if (sequence.complete()) {
            going.stream()
                    .filter(batch -> batch.has(sequence))
                    .findFirst()
                    .ifPresent(batch -> prefixes.keep(sequence, batch));
        }
        gone.add(sequence);
        going.removeIf(this::isOver);
        reading.removeIf(this::isOver);
        if (going.isEmpty() && reading.isEmpty()) {
            gone.clear();
            memory.shrink();
        }
    }

    private boolean isOver(CacheBatch batch) {
        boolean over = batch.rows().stream().allMatch(row -> gone.contains(row.sequence()));
        if (over) {
            batch.giveBack(memory);
        }
        return over;
    }

    /** Lets the model take the next tokens of each row; logits are put for those rows of which none is missing then. */
    private CacheBatch compute(CacheBatch batch, int tokens, Map<Sequence, float[]> logits, Cancellation cancellation) {
        int rows = batch.rows().size();
        boolean last = batch.rows().getFirst().missing() == tokens;
        List<Block> places = new ArrayList<>();
        Map<String, Tensor> presents = new LinkedHashMap<>();
        for (Entry entry : layout.entries()) {
            Block place = memory.take(entry.type(), entry.shape(rows, batch.length() + tokens));
            places.add(place);
            presents.put(entry.present(), place.tensor());
        }
        Set<String> wanted = new LinkedHashSet<>(presents.keySet());
        if (last) {
            wanted.add(output);
        }
        Map<String, Tensor> computed = batch.rows()
                .getFirst()
                .sequence()
                .hold()
                .model()
                .run(inputs(batch, tokens), wanted, presents, cancellation);
        CacheBatch grown = batch.with(tokens, blocks(computed, places));
        batch.giveBack(memory);
        if (last) {
            Tensor values = output(computed, output);
            int position = (int) values.dimension(1) - 1;
            for (int row = 0; row < rows; row++) {
                logits.put(batch.rows().get(row).sequence(), Logits.at(values, row, position));
            }
        }
        return grown;
    }

    private List<Block> blocks(Map<String, Tensor> computed, List<Block> places) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Block place = places.get(i);
            Tensor tensor = output(computed, layout.entries().get(i).present());
            if (tensor == place.tensor()) {
                blocks.add(place);
            } else {
                memory.giveBack(place);
                blocks.add(new Block(tensor, null));
            }
        }
        return blocks;
    }

    private static Tensor output(Map<String, Tensor> computed, String name) {
        return Optional.ofNullable(computed.get(name))
                .orElseThrow(() -> new ProtocolException("the model did not give its output " + name));
    }

    private Map<String, Tensor> inputs(CacheBatch batch, int tokens) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        layout.inputs().forEach(spec -> inputs.put(spec.name(), input(spec, batch, tokens)));
        for (int i = 0; i < layout.entries().size(); i++) {
            Entry entry = layout.entries().get(i);
            inputs.put(
                    entry.past(),
                    batch.length() > 0
                            ? batch.blocks().get(i).tensor()
                            : Tensor.of(
                                    entry.type(),
                                    entry.shape(batch.rows().size(), 0),
                                    Tensor.allocate(entry.type(), 0)));
        }
        return inputs;
    }

    private static Tensor input(TensorSpec spec, CacheBatch batch, int tokens) {
        List<Row> rows = batch.rows();
        int before = batch.length();
        return switch (spec.name()) {
            case "input_ids" ->
                TokenTensors.integers(spec, rows.size(), tokens, (row, at) -> {
                    Row one = rows.get(row);
                    return one.sequence().tokens()[one.cached() + at];
                });
            case "attention_mask" ->
                TokenTensors.integers(
                        spec,
                        rows.size(),
                        before + tokens,
                        (row, at) -> at < before - rows.get(row).cached() ? 0 : 1);
            case "position_ids" ->
                TokenTensors.integers(
                        spec, rows.size(), tokens, (row, at) -> rows.get(row).cached() + at);
            case "token_type_ids" -> TokenTensors.integers(spec, rows.size(), tokens, (row, at) -> 0);
            case "use_cache_branch" -> flag(before > 0);
            case "num_logits_to_keep" -> Tensor.ofLongs(new long[0], 1);
            default -> throw new UnsupportedException("the model wants the input " + spec);
        };
    }

    private static Tensor flag(boolean value) {
        return Tensor.of(
                DataType.BOOL,
                new long[] {1},
                Tensor.allocate(DataType.BOOL, 1).put((byte) (value ? 1 : 0)).flip());
    }
}
