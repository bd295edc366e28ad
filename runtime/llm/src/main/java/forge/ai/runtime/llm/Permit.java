package forge.ai.runtime.llm;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.lease.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Leave to make one attempt: where, for how long, and whom to tell how it went. */
final class Permit {

    private static final Duration USUAL_COOLING = Duration.ofSeconds(1);

    private final Object call;
    private final Target target;
    private final Lease<LlmProvider> lease;
    private final Duration limit;
    private final boolean hurried;
    private final long begun;
    private final Routing routing;
    private final boolean stream;
    private final TargetState state;
    private final ProviderState provider;
    private final AttemptAccount account;
    private final AtomicBoolean failed = new AtomicBoolean();

    /**
     * @param call whose attempt it is
     * @param hurried whether the limit comes from the caller, so that missing it says nothing of the target
     */
    Permit(
            Object call,
            Target target,
            Lease<LlmProvider> lease,
            Duration limit,
            boolean hurried,
            TargetState state,
            Routing routing,
            boolean stream,
            AttemptAccount account) {
        this.account = account;
        this.call = call;
        this.target = target;
        this.lease = lease;
        this.limit = limit;
        this.hurried = hurried;
        this.begun = routing.nanos();
        this.routing = routing;
        this.stream = stream;
        this.state = state;
        this.provider = routing.providers().state(target.provider());
        state.active().incrementAndGet();
    }

    AttemptAccount account() {
        return account;
    }

    Target target() {
        return target;
    }

    LlmProvider service() {
        return lease.service();
    }

    Duration limit() {
        return limit;
    }

    long begun() {
        return begun;
    }

    /** What is left of the time for this attempt; zero or less if it is over. */
    Duration left() {
        return limit.minusNanos(routing.nanos() - begun);
    }

    /** The answer, or its first piece, is there. */
    void succeeded() {
        state.latency(stream).add(routing.nanos() - begun);
        state.succeeded();
        provider.succeeded();
    }

    /** Only the first failure counts. */
    void failed(ForgeException failure) {
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        account.failed(failure);
        if (Failures.ill(failure) && !(hurried && failure.code() == ErrorCode.TIMEOUT)) {
            provider.failed(failure);
            state.failed(call, routing.settings().ejection());
        }
        if (failure.code() == ErrorCode.RATE_LIMITED || failure.code() == ErrorCode.RESOURCE_EXHAUSTED) {
            state.cool(Failures.retryAfter(failure).orElse(USUAL_COOLING));
        }
    }

    /** The provider's code has been left: lets go of the provider. */
    void close() {
        state.leave(call);
        state.active().decrementAndGet();
        account.close();
        lease.close();
    }
}
