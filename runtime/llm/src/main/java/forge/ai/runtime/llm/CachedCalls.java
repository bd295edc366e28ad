package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gives answers from the cache where there are, and keeps those that may be given again. */
final class CachedCalls {

    private final AnswerCache cache;
    private final Calls calls;
    /** Whole answers that are being asked for; callers that want the same one wait for it. */
    private final ConcurrentHashMap<CacheKey, CountDownLatch> asked = new ConcurrentHashMap<>();

    CachedCalls(AnswerCache cache, Calls calls) {
        this.cache = cache;
        this.calls = calls;
    }

    /**
     * A whole answer.
     *
     * @param ask gets it from a provider, in the time that is left
     */
    Completion whole(CacheKey key, Order order, Function<Order, Completion> ask) {
        CountDownLatch mine = new CountDownLatch(1);
        CountDownLatch theirs = asked.putIfAbsent(key, mine);
        try {
            long begun = System.nanoTime();
            if (theirs != null) {
                await(theirs, order.timeout().orElse(order.plan().deadline()));
            }
            Optional<CachedAnswer> answer = cache.get(key);
            if (answer.isPresent()) {
                Attribution by = calls.cached(order, false, answer.get().by().ofCache());
                return answer.get().whole().withAttribution(by);
            }
            // Whoever waited in vain asks for itself: what kept the first from an answer may not keep this one.
            Completion given =
                    ask.apply(order.withTimeout(order.timeout().map(t -> t.minusNanos(System.nanoTime() - begun))));
            keep(key, order.plan(), order.demand(), given);
            return given;
        } finally {
            if (theirs == null) {
                asked.remove(key, mine);
                mine.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch, Duration limit) {
        try {
            latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting for the answer");
        }
    }

    private void keep(CacheKey key, RoutePlan plan, Demand demand, Completion given) {
        given.attribution()
                .filter(by -> CachedAnswer.keeps(given) && usual(plan, demand, by))
                .ifPresent(by ->
                        cache.put(key, CachedAnswer.of(given, by), plan.cache().time()));
    }

    /** An answer piece by piece. */
    CompletionStream stream(CacheKey key, Order order, Supplier<CompletionStream> ask) {
        return cache.get(key)
                .<CompletionStream>map(answer -> new ReplayedStream(
                        answer.events().iterator(),
                        calls.cached(order, true, answer.by().ofCache())))
                .orElseGet(() -> new KeptStream(
                        ask.get(), cache.most(), (events, by) -> keep(key, order.plan(), order.demand(), events, by)));
    }

    private void keep(CacheKey key, RoutePlan plan, Demand demand, List<CompletionEvent> events, Attribution by) {
        if (usual(plan, demand, by)) {
            CachedAnswer answer = CachedAnswer.of(events, by);
            if (CachedAnswer.keeps(answer.whole())) {
                cache.put(key, answer, plan.cache().time());
            }
        }
    }

    /** Whether the answer is what would be given with all well; what a fallback said must not outlive the outage. */
    private static boolean usual(RoutePlan plan, Demand demand, Attribution by) {
        String first = plan.targets().stream()
                .filter(target -> target.fits(demand))
                .findFirst()
                .map(Target::name)
                .orElse("");
        boolean preferred = plan.strategy() != Strategy.PRIORITY || first.equals(by.provider() + "/" + by.model());
        return by.attempts() == 1 && preferred;
    }
}
