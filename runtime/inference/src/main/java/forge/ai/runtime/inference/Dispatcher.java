package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.CancelledException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceStatistics.Load;
import forge.ai.api.model.Batching;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the calls of one model version computed, in slots of which there is a limited number: in the caller's thread, or
 * through a queue by workers. As soon as one is free the most urgent call is taken, with those that may share its
 * batch.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** When to try again if the queue is full: no smaller number can be said over HTTP. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Virtual threads may compute so long at a time. */
    private static final Duration BRIEF = Duration.ofMillis(2);

    /** More computations that do not end are not made up for: each holds a thread. */
    private static final int MOST_STUCK = 16;

    private final String name;
    private final Supplier<Settings> settings;
    private final Time time;
    private final Threads threads;
    private final Watchdog watchdog;
    private final Costs costs;
    private final Counters counters;
    private final Predicate<Call> batches;
    private final Slots slots = new Slots();
    private final Waiting queue = new Waiting();
    private final AtomicInteger stuck = new AtomicInteger();

    /** Computations in callers' threads for which there was no slot. */
    private final AtomicInteger beside = new AtomicInteger();

    /** A computation in its caller's thread. */
    private final class Direct extends Holding {

        private static final long serialVersionUID = 1L;

        private final transient Call call;
        private final transient Cancellation cancellation = new Cancellation();
        private final boolean counted;

        Direct(Call call, boolean counted) {
            this.call = call;
            this.counted = counted;
            if (!counted) {
                beside.incrementAndGet();
            }
        }

        private boolean over() {
            return call.waiter().isInterrupted() || call.limit().over();
        }

        @Override
        boolean abandoned() {
            return cancellation.cancelled();
        }

        @Override
        void lookAround(long now) {
            if (over()) {
                cancellation.cancel();
            }
        }

        @Override
        void givesOn() {
            if (counted) {
                makeUpFor(this);
            }
        }

        /** Frees the slot. */
        void end() {
            if (!counted) {
                beside.decrementAndGet();
            } else if (ended()) {
                pass();
            } else {
                stuck.decrementAndGet();
            }
        }
    }

    /** A computation by a worker. */
    private final class Shared extends Holding {

        private static final long serialVersionUID = 1L;

        private final transient Batch batch;
        private final long began = time.now();

        Shared(Batch batch) {
            this.batch = batch;
        }

        @Override
        boolean abandoned() {
            return batch.abandoned();
        }

        @Override
        void lookAround(long now) {
            if (now - began > batch.maxDelay()) {
                start(parallel());
            }
        }

        @Override
        void givesOn() {
            makeUpFor(this);
        }
    }

    /** @param batches whether a call is to be computed together with others, if they come */
    Dispatcher(
            String name,
            Supplier<Settings> settings,
            Time time,
            Threads threads,
            Watchdog watchdog,
            Costs costs,
            Counters counters,
            Predicate<Call> batches) {
        this.name = name;
        this.settings = settings;
        this.time = time;
        this.threads = threads;
        this.watchdog = watchdog;
        this.costs = costs;
        this.counters = counters;
        this.batches = batches;
    }

    private int parallel() {
        return settings.get().parallel();
    }

    Load load() {
        return new Load(slots.waiting(), settings.get().queue(), slots.running(), parallel());
    }

    /** Whether anything is computed or waits to be. */
    boolean busy() {
        return slots.busy();
    }

    /** Computes a short call in this thread, beside what else is computed. */
    InferenceResult direct(Call call) {
        Direct computation = new Direct(call, slots.enter(parallel()));
        int place = watchdog.put(computation);
        long started = time.now();
        try {
            Map<String, Tensor> outputs =
                    Computation.run(name, call.model(), call.inputs(), call.outputs(), computation.cancellation);
            Times times = Times.alone(started, time.now());
            if (beside.get() == 0) {
                // Of more computations than there are cores, none shows what it takes.
                costs.note(call.rows(), times.infer(), times.ended());
            }
            counters.computed(call.rows(), times);
            counters.answered(call, times);
            Tracing.computed(call, times);
            return call.result(outputs, times, call.rows());
        } catch (CancelledException e) {
            throw computation.over() ? call.limit().end(name) : e;
        } finally {
            watchdog.remove(place, computation);
            computation.end();
        }
    }

    /** Has a call computed by a worker and waits for it. */
    InferenceResult queued(Call call, Batching batching) {
        boolean alone = enqueue(call, batching);
        if (!alone && !call.await(batching.maxDelay().toNanos()) && !call.claimed()) {
            start(parallel());
        }
        if (!call.await(Long.MAX_VALUE)) {
            giveUp(call);
            throw call.limit().end(name);
        }
        return call.answer();
    }

    /** Puts a call into the queue; false if a further worker is to be started for it after the set delay. */
    private boolean enqueue(Call call, Batching batching) {
        int most = settings.get().queue();
        if (stuck.get() >= MOST_STUCK) {
            refuse(call, "%d computations of %s do not end although nobody waits for them".formatted(MOST_STUCK, name));
        }
        if (!slots.offer(most)) {
            refuse(call, "%d requests of %s wait already, which is the most; try again later".formatted(most, name));
        }
        queue.add(call);
        // A computation that runs is a reason to wait for others, but not for long.
        boolean collects = batches.test(call) && queue.rows() < batching.maxSize();
        start(collects ? 1 : parallel());
        // Where computations are shorter than the delay there will be an end in time; if not, the watchdog sees it.
        return !collects || costs.within(batching.maxSize(), batching.maxDelay());
    }

    private static void refuse(Call call, String why) {
        call.lease().close();
        throw new ResourceExhaustedException(why, ErrorDetails.NONE.withRetryAfter(SOON));
    }

    /** Has one more worker compute what waits, if fewer than {@code most} do. */
    private void start(int most) {
        if (slots.enterForWaiting(most)) {
            hand();
        }
    }

    /** Frees a slot that is held, or passes it to a worker if others wait for it. */
    private void pass() {
        if (!slots.leave()) {
            hand();
        }
    }

    /** Called by the watchdog alone. */
    private void makeUpFor(Holding computation) {
        if (stuck.get() < MOST_STUCK && computation.ended()) {
            LOG.warn(
                    "{} computations of {} do not end although nobody waits for them any more",
                    stuck.incrementAndGet(),
                    name);
            pass();
        }
    }

    /** Passes a slot that is held to a worker. */
    private void hand() {
        try {
            threads.start(this::work, costs.brief(1));
        } catch (RejectedExecutionException e) {
            do {
                take().ifPresent(this::refuse);
            } while (!slots.leave());
        }
    }

    private void refuse(Batch batch) {
        batch.fail(new UnavailableException("there is no thread to compute " + name));
    }

    private boolean brief(int rows) {
        return costs.within(rows, BRIEF);
    }

    /** Computes, in a slot that is held, what waits; then frees it, if it is still its. */
    private void work() {
        boolean virtual = Thread.currentThread().isVirtual();
        do {
            Optional<Batch> next = take();
            if (virtual && next.isPresent() && !brief(next.get().rows())) {
                handOver(next.get());
                return;
            }
            if (next.isPresent() && !compute(next.get())) {
                return;
            }
            if (virtual) {
                // Those who were answered may ask again, so that the next batch is larger; and others may run.
                Thread.yield();
            }
        } while (!slots.leave());
    }

    /** Passes a slot that is held with what is to be computed first. */
    private void handOver(Batch batch) {
        try {
            threads.start(
                    () -> {
                        if (compute(batch) && !slots.leave()) {
                            work();
                        }
                    },
                    false);
        } catch (RejectedExecutionException e) {
            refuse(batch);
            pass();
        }
    }

    /** False if the slot went to another one meanwhile. */
    private boolean compute(Batch batch) {
        Shared computation = new Shared(batch);
        int place = watchdog.put(computation);
        long started = time.now();
        try {
            if (batch.compute()) {
                long ended = time.now();
                costs.note(batch.rows(), ended - started, ended);
            }
        } finally {
            watchdog.remove(place, computation);
        }
        if (computation.ended()) {
            return true;
        }
        stuck.decrementAndGet();
        return false;
    }

    private Optional<Batch> take() {
        List<Call> calls = queue.take(batches);
        if (calls.isEmpty()) {
            // Somebody is just about to put a call in.
            Thread.yield();
            return Optional.empty();
        }
        slots.taken(calls.size());
        List<Call> timely = inTime(calls);
        return timely.isEmpty() ? Optional.empty() : Optional.of(new Batch(name, timely, time, counters));
    }

    /** Without those that came too late to their turn: they are not computed any more. */
    private List<Call> inTime(List<Call> calls) {
        costs.trial(calls.getFirst().rows());
        for (Call call : calls) {
            if (call.limit().over()) {
                call.lease().close();
                call.fail(call.limit().end(name));
            }
        }
        return calls.stream().filter(call -> !call.done()).toList();
    }

    private void giveUp(Call call) {
        if (queue.takeBack(call)) {
            slots.taken(1);
            call.lease().close();
        } else {
            call.giveUp();
        }
    }
}
