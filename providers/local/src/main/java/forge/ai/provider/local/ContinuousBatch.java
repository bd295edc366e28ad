package forge.ai.provider.local;

import forge.ai.api.Cancellation;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.ResourceExhaustedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generates the answers of one model version together, a token for each in one computation; an answer joins before any
 * token and leaves with its last one (continuous batching: Yu et al., Orca, OSDI 2022).
 *
 * <p>There is a thread only while there are answers to generate.
 */
final class ContinuousBatch {

    /** Computes the next token of several sequences at once. */
    interface Step {
        /** The most tokens that one sequence can have, prompt and answer together. */
        int mostTokens();

        /** Whether one more sequence may be generated beside others; alone it always may. */
        boolean admits(Collection<Sequence> active, Sequence next);

        /** Whether so many sequences, the longest with so many tokens, fit into one computation; one always does. */
        boolean fits(int sequences, int tokens);

        /** The logits of the next token of those that are ready for one; others need another turn. */
        Map<Sequence, float[]> logits(List<Sequence> rows, Cancellation cancellation);

        /** What is kept of a sequence can go. */
        void ended(Sequence sequence);
    }

    /** So many sequences wait for each one that is generated. */
    private static final int WAITING = 8;

    private static final Logger LOG = LoggerFactory.getLogger(ContinuousBatch.class);

    private final String name;
    private final Step step;
    private final IntSupplier maxSequences;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of their turns: those that got a token go to the end. */
    private final Deque<Sequence> active = new ArrayDeque<>();

    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private List<Sequence> computing = List.of();
    private @Nullable Thread runner;
    private Cancellation cancellation = new Cancellation();

    ContinuousBatch(String name, Step step, IntSupplier maxSequences) {
        this.name = name;
        this.step = step;
        this.maxSequences = maxSequences;
    }

    /**
     * Takes a sequence in.
     *
     * @throws ResourceExhaustedException if too many wait already
     */
    void add(Sequence sequence) {
        lock.lock();
        try {
            int most = maxSequences.getAsInt();
            if (active.size() + computing.size() + waiting.size() >= most * (1 + WAITING)) {
                throw new ResourceExhaustedException(
                        "%d sequences of %s are being generated and %d wait".formatted(most, name, most * WAITING),
                        ErrorDetails.NONE.withRetryAfter(Duration.ofSeconds(1)));
            }
            waiting.add(sequence);
            if (runner == null) {
                // A thread of its own, for it spends its life in native code, where it would block the virtual ones.
                // The
                // future forgets its task at the end, as Felix may not forget the thread.
                runner = Thread.ofPlatform().daemon().name("generate-" + name).start(new FutureTask<>(this::run, null));
            }
        } finally {
            lock.unlock();
        }
    }

    /** The most tokens that one sequence can have, prompt and answer together. */
    int mostTokens() {
        return step.mostTokens();
    }

    /** Ends a sequence now: if nobody waits any more for what is being computed, the computation too. */
    void cancel(Sequence sequence) {
        sequence.cancel();
        boolean waited;
        lock.lock();
        try {
            waited = waiting.remove(sequence);
            if (runner != null && !computing.isEmpty() && computing.stream().allMatch(Sequence::cancelled)) {
                cancellation.cancel();
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
        if (waited) {
            sequence.end();
        }
    }

    /** Ends all sequences, those that wait too. */
    void cancelAll() {
        List<Sequence> all = new ArrayList<>();
        lock.lock();
        try {
            all.addAll(active);
            all.addAll(computing);
            all.addAll(waiting);
        } finally {
            lock.unlock();
        }
        all.forEach(this::cancel);
    }

    private void run() {
        List<Sequence> rows = turn(List.of());
        while (!rows.isEmpty()) {
            rows = turn(compute(rows));
        }
    }

    /** Takes back those that go on and gives those whose turn is next; none ends the thread. */
    private List<Sequence> turn(List<Sequence> goOn) {
        List<Sequence> dropped = new ArrayList<>();
        lock.lock();
        try {
            active.addAll(goOn);
            drop(active, dropped);
            drop(waiting, dropped);
            while (active.size() < maxSequences.getAsInt()
                    && !waiting.isEmpty()
                    && step.admits(active, waiting.element())) {
                active.add(waiting.remove());
            }
            computing = next();
            cancellation = new Cancellation();
            if (computing.isEmpty()) {
                runner = null;
            }
            return computing;
        } finally {
            dropped.forEach(step::ended);
            // Under the lock nobody interrupts: what is cleared was meant for the computation that is over.
            Thread.interrupted();
            lock.unlock();
            dropped.forEach(Sequence::end);
        }
    }

    private List<Sequence> next() {
        List<Sequence> rows = new ArrayList<>();
        int longest = 0;
        while (!active.isEmpty()) {
            longest = Math.max(longest, active.element().tokens().length);
            if (!rows.isEmpty() && !step.fits(rows.size() + 1, longest)) {
                break;
            }
            rows.add(active.remove());
        }
        return rows;
    }

    private static void drop(Deque<Sequence> from, List<Sequence> dropped) {
        from.removeIf(sequence -> sequence.cancelled() && dropped.add(sequence));
    }

    /** One token for each; gives back those whose answer goes on. */
    private List<Sequence> compute(List<Sequence> rows) {
        Map<Sequence, float[]> logits;
        try {
            logits = step.logits(rows, cancellation);
        } catch (ForgeException e) {
            end(rows, e);
            return List.of();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("generating with {} failed", name, e);
            end(rows, new InternalException("generating failed: " + e.getClass().getName()));
            return List.of();
        }
        List<Sequence> goOn = new ArrayList<>(rows.size());
        for (Sequence sequence : rows) {
            float[] next = logits.get(sequence);
            if (next == null || sequence.cancelled() || !sequence.next(next)) {
                goOn.add(sequence);
            } else {
                step.ended(sequence);
                sequence.end();
            }
        }
        return goOn;
    }

    private void end(List<Sequence> rows, ForgeException reason) {
        rows.forEach(sequence -> {
            step.ended(sequence);
            sequence.fail(reason);
            sequence.end();
        });
    }
}
