package forge.ai.runtime.inference;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A computation under way, for which other callers with the same inputs may wait. */
final class Flight {

    private final InferenceRequest request;
    private final CountDownLatch landed = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable InferenceResult result;
    private volatile @Nullable ForgeException failure;

    Flight(InferenceRequest request) {
        this.request = request;
    }

    /** Whether its answer is also that of another request, and comes as soon. */
    boolean carries(InferenceRequest other) {
        return request.priority() >= other.priority() && request.inputs().equals(other.inputs());
    }

    void succeed(InferenceResult computed) {
        result = computed;
    }

    /** Not what befell only the one who computed: the others try for themselves then. */
    void fail(ForgeException error) {
        boolean its = error instanceof CancelledException
                || error instanceof TimedOutException
                || error instanceof UnavailableException;
        failure = its ? null : error;
    }

    void land() {
        landed.countDown();
    }

    /** One more waits, if fewer than {@code most} do; each calls {@link #await} then. */
    boolean board(int most) {
        return waiting.incrementAndGet() <= most;
    }

    /** The answer; null if there is none, for a reason that need not hold for another caller. */
    @Nullable
    InferenceResult await(Limit limit, String model) {
        try {
            if (!landed.await(limit.left(System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw limit.end(model);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw limit.end(model);
        }
        ForgeException error = failure;
        if (error != null) {
            throw error;
        }
        return result;
    }
}
