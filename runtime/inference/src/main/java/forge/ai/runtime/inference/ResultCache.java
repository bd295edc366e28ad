package forge.ai.runtime.inference;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.inference.CachePolicy;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.Caching;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The results of one model, given again for equal inputs; and what is just being computed, so that equal requests wait
 * for one computation. Errors are not kept.
 */
final class ResultCache {

    /** About what an entry takes besides its tensors. */
    private static final int OVERHEAD = 400;

    private final Caching settings;
    private final Cache<CacheKey, Kept> kept;
    private final Map<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final Map<Long, String> digests = new ConcurrentHashMap<>();

    /** A result with the inputs that it belongs to: they are compared, so that a hash alone decides nothing. */
    private record Kept(Map<String, Tensor> inputs, InferenceResult result) {

        static Kept of(InferenceRequest request, InferenceResult result) {
            return new Kept(OwnTensors.copy(request.inputs()), result.withOutputs(OwnTensors.copy(result.outputs())));
        }

        int bytes() {
            long bytes = OVERHEAD + OwnTensors.bytes(inputs) + OwnTensors.bytes(result.outputs());
            return (int) Math.min(bytes, Integer.MAX_VALUE);
        }
    }

    ResultCache(Caching settings) {
        this.settings = settings;
        // In the caller's thread: no other belongs to this bundle.
        this.kept = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(settings.maxBytes())
                .weigher((CacheKey key, Kept entry) -> entry.bytes())
                .expireAfterWrite(settings.ttl())
                .build();
    }

    Caching settings() {
        return settings;
    }

    /** The memory that results take. */
    long bytes() {
        kept.cleanUp();
        return kept.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    boolean isEmpty() {
        return kept.asMap().isEmpty();
    }

    void forget(long version) {
        digests.remove(version);
        kept.asMap().keySet().removeIf(key -> key.version() == version);
    }

    /**
     * The answer to a request: kept, being computed for another, or computed now.
     *
     * @param most how many requests may wait for one computation
     * @param compute computes it
     */
    InferenceResult infer(
            InferenceRequest request,
            ModelStatus model,
            Limit limit,
            int most,
            Counters counters,
            Supplier<InferenceResult> compute) {
        if (request.cache() == CachePolicy.BYPASS) {
            return compute.get();
        }
        long began = System.nanoTime();
        checkDigest(model);
        CacheKey key = CacheKey.of(model, request);
        if (request.cache() == CachePolicy.REFRESH) {
            return keep(key, request, compute.get());
        }
        while (true) {
            Kept found = kept.getIfPresent(key);
            if (found != null && found.inputs().equals(request.inputs())) {
                return hit(found.result(), began, limit, counters);
            }
            Flight mine = new Flight(request);
            Flight theirs = flights.putIfAbsent(key, mine);
            if (theirs == null) {
                counters.missed(System.nanoTime() - began);
                return lead(key, mine, request, compute);
            }
            if (!theirs.carries(request)) {
                counters.missed(System.nanoTime() - began);
                return keep(key, request, compute.get());
            }
            InferenceResult shared = follow(theirs, limit, request.model(), most);
            if (shared != null) {
                return hit(shared, began, limit, counters);
            }
        }
    }

    /** Results of other files under the same version are not given again. */
    private void checkDigest(ModelStatus model) {
        String before = digests.put(model.version(), model.digest());
        if (before != null && !before.equals(model.digest())) {
            kept.asMap()
                    .keySet()
                    .removeIf(key ->
                            key.version() == model.version() && !key.digest().equals(model.digest()));
        }
    }

    private InferenceResult lead(
            CacheKey key, Flight mine, InferenceRequest request, Supplier<InferenceResult> compute) {
        try {
            InferenceResult computed = keep(key, request, compute.get());
            mine.succeed(computed);
            return computed;
        } catch (ForgeException e) {
            mine.fail(e);
            throw e;
        } finally {
            flights.remove(key, mine);
            mine.land();
        }
    }

    private @Nullable InferenceResult follow(Flight theirs, Limit limit, String model, int most) {
        if (!theirs.board(most)) {
            throw new ResourceExhaustedException(
                    "%d requests of %s wait for one computation already, which is the most; try again later"
                            .formatted(most, model),
                    ErrorDetails.NONE.withRetryAfter(Duration.ofSeconds(1)));
        }
        return theirs.await(limit, model);
    }

    private InferenceResult keep(CacheKey key, InferenceRequest request, InferenceResult computed) {
        kept.put(key, Kept.of(request, computed));
        return computed;
    }

    private static InferenceResult hit(InferenceResult found, long began, Limit limit, Counters counters) {
        long now = System.nanoTime();
        counters.hit(now - began, now - limit.began());
        return new InferenceResult(
                found.model(),
                found.version(),
                OwnTensors.handedOut(found.outputs()),
                Duration.ofNanos(now - began),
                Duration.ZERO,
                found.batch(),
                true,
                found.steps());
    }
}
