package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.ProtocolException;
import forge.ai.api.TimedOutException;
import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.llm.EmbeddingParts.Part;
import forge.ai.runtime.support.thread.CallThreads;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call for embeddings: split to what the provider takes at once, its parts asked for side by side. All vectors of an
 * answer come from the same place, since those of two models mean nothing to each other; a retry at the same place asks
 * for what is missing alone.
 */
final class EmbeddingCall implements Ask<Embeddings> {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddingCall.class);

    private record Place(LlmProvider provider, String model, EmbeddingLimits limits) {}

    private final EmbeddingRequest request;
    private final int parallel;

    /** An attempt that was given up may still be running when the next one begins. */
    private final Map<Place, EmbeddingParts> places = new ConcurrentHashMap<>();

    /** What the parts took that no attempt has been booked with yet. */
    private final Queue<Usage> taken = new ConcurrentLinkedQueue<>();

    /** @param parallel the most parts that are asked for at the same time */
    EmbeddingCall(EmbeddingRequest request, int parallel) {
        this.request = request;
        this.parallel = parallel;
    }

    @Override
    public Embeddings of(LlmProvider provider, String model, Duration limit, Span span) {
        EmbeddingLimits limits = provider.embeddingLimits(model);
        EmbeddingParts parts = places.computeIfAbsent(
                new Place(provider, model, limits), place -> new EmbeddingParts(request.inputs(), limits));
        Asking asking = new Asking(provider, model, System.nanoTime() + limit.toNanos(), parts, span);
        List<Integer> missing = parts.missing();
        if (parts.size() == 1) {
            missing.forEach(asking::ask);
        } else {
            asking.askAll(missing, parallel);
        }
        return whole(parts);
    }

    @Override
    public Optional<Usage> taken() {
        Optional<Usage> all = Optional.empty();
        for (Usage next = taken.poll(); next != null; next = taken.poll()) {
            Usage more = next;
            all = Optional.of(all.map(sum -> sum.plus(more)).orElse(more));
        }
        return all;
    }

    private static Embeddings whole(EmbeddingParts parts) {
        Embeddings whole = parts.whole();
        long lengths =
                whole.vectors().stream().mapToInt(v -> v.length).distinct().count();
        if (lengths > 1) {
            throw new ProtocolException("the vectors of one answer differ in length");
        }
        return whole;
    }

    /** One attempt at one place. */
    private final class Asking {
        private final LlmProvider provider;
        private final String model;
        private final long until;
        private final EmbeddingParts parts;
        private final Span span;
        private final Map<Integer, Throwable> failures = new ConcurrentSkipListMap<>();

        Asking(LlmProvider provider, String model, long until, EmbeddingParts parts, Span span) {
            this.provider = provider;
            this.model = model;
            this.until = until;
            this.parts = parts;
            this.span = span;
        }

        void ask(int number) {
            Part part = parts.part(number);
            Duration left = Duration.ofNanos(until - System.nanoTime());
            if (!left.isPositive()) {
                throw new TimedOutException("no time was left to ask for " + part);
            }
            Embeddings answer = provider.embed(new EmbeddingRequest(
                    model,
                    request.inputs().subList(part.from(), part.to()),
                    request.dimensions(),
                    Optional.of(left),
                    request.extensions(),
                    span));
            int wanted = part.to() - part.from();
            if (answer.vectors().size() != wanted) {
                throw new ProtocolException(answer.vectors().size() + " vectors for " + wanted + " texts");
            }
            parts.answered(number, answer);
            answer.usage().ifPresent(taken::add);
        }

        /** Returns once none of the threads is in the provider any more. */
        void askAll(List<Integer> numbers, int threads) {
            Iterator<Integer> left = numbers.iterator();
            // Closing waits for all; interrupted meanwhile, it interrupts them and goes on waiting.
            try (CallThreads workers = new CallThreads("forge-llm-embed-")) {
                for (int i = 0; i < Math.min(threads, numbers.size()); i++) {
                    workers.execute(() -> work(left));
                }
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException("interrupted while waiting for embeddings");
            }
            if (!failures.isEmpty()) {
                throw failure();
            }
        }

        private void work(Iterator<Integer> left) {
            for (Optional<Integer> next = next(left); next.isPresent(); next = next(left)) {
                try {
                    ask(next.get());
                } catch (Throwable e) {
                    failures.put(next.get(), e);
                }
            }
        }

        /** No part is begun after one has failed: the call fails with it, and the tokens would be lost. */
        private Optional<Integer> next(Iterator<Integer> left) {
            synchronized (left) {
                boolean on = failures.isEmpty() && !Thread.currentThread().isInterrupted();
                return on && left.hasNext() ? Optional.of(left.next()) : Optional.empty();
            }
        }

        private ForgeException failure() {
            Map<Integer, Throwable> failed = new TreeMap<>(failures);
            String which = failed.keySet().stream()
                    .map(number -> parts.part(number).toString())
                    .collect(Collectors.joining(","));
            ForgeException first = forge(failed.values().iterator().next(), which);
            int all = request.inputs().size();
            return ForgeException.of(
                    first.code(),
                    first.getMessage() + " (" + which + " of " + all + "; " + parts.embedded() + " are embedded)",
                    first.details().withParameter(which));
        }

        private static ForgeException forge(Throwable thrown, String which) {
            if (thrown instanceof ForgeException failure) {
                return failure;
            }
            // Its class may be the plug-in's own and its message may hold anything.
            LOG.warn("a provider failed unforeseen at {}", which, thrown);
            return new InternalException(
                    "failed unforeseen (" + thrown.getClass().getSimpleName() + "); see the log");
        }
    }
}
