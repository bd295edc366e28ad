package forge.ai.runtime.llm;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.LlmProvider;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks after things every second: closes abandoned streams, and probes the providers that no call has tried. */
final class Watch implements AutoCloseable {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);

    private final Routing routing;
    private final Calls calls;
    private final AnswerCache cache;
    private final Executor executor;
    private final Surveys<Boolean> probes;
    private final ScheduledExecutorService clock;
    private long probedAt;

    Watch(Routing routing, Calls calls, AnswerCache cache) {
        this.routing = routing;
        this.calls = calls;
        this.cache = cache;
        this.executor = calls.executor();
        this.probes = new Surveys<>("probe", Watch::probe, routing.providers(), executor);
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("forge-llm-watch").factory());
        this.probedAt = routing.nanos();
        clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private static Boolean probe(LlmProvider provider) {
        provider.probe();
        return true;
    }

    private void look() {
        calls.closeAbandoned();
        cache.forgetTheOld();
        Duration every = routing.settings().probeEvery();
        if (every.isPositive() && routing.nanos() - probedAt >= every.toNanos()) {
            probedAt = routing.nanos();
            routing.providers().names().stream()
                    .filter(name ->
                            routing.providers().state(name).sinceSuccess().compareTo(every) >= 0)
                    .forEach(this::probe);
        }
    }

    /** Asks a provider, in the background, whether it can serve. */
    void probe(String provider) {
        try {
            executor.execute(() -> ask(provider));
        } catch (RejectedExecutionException e) {
            // The service is being stopped: nobody wants to know any more.
        }
    }

    private void ask(String provider) {
        try {
            probes.await(provider, probes.ask(provider), PROBE_LIMIT);
            routing.providers().state(provider).succeeded();
            routing.routes().hopeful(provider);
        } catch (ForgeException e) {
            if (Failures.ill(e)) {
                routing.providers().state(provider).failed(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
