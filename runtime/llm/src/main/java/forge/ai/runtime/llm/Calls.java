package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.support.thread.CallThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Makes calls: attempt after attempt, each on a thread of its own, until there is an answer. */
final class Calls {

    private final Routing routing;
    private final ExecutorService executor = new CallThreads("forge-llm-");
    private final Set<RoutedStream> streams = ConcurrentHashMap.newKeySet();

    Calls(Routing routing) {
        this.routing = routing;
    }

    /**
     * Gets a whole answer.
     *
     * @param attribute puts it on the answer who gave it
     */
    <T> T whole(
            RoutePlan plan,
            Demand demand,
            Optional<Duration> timeout,
            Ask<T> ask,
            BiFunction<T, Attribution, T> attribute) {
        Attempts attempts = new Attempts(plan, demand, false, timeout, routing);
        try {
            while (true) {
                WholeAttempt<T> attempt = new WholeAttempt<>(attempts.next(Calls::sleep), ask);
                start(attempt);
                try {
                    return attribute.apply(attempt.await(), attempts.attribution(attempt.permit()));
                } catch (ForgeException e) {
                    attempts.failed(attempt.permit(), e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting for the answer");
        }
    }

    private static void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    /** Begins an answer piece by piece. */
    CompletionStream stream(RoutePlan plan, Demand demand, Optional<Duration> timeout, Ask<CompletionStream> ask) {
        RoutedStream stream = new RoutedStream(new Attempts(plan, demand, true, timeout, routing), ask, this);
        try {
            stream.begin();
            streams.add(stream);
            return stream;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted before the call was made");
        }
    }

    void start(Attempt attempt) {
        try {
            executor.execute(attempt);
        } catch (RejectedExecutionException e) {
            attempt.permit().close();
            throw new UnavailableException("the LLM service is being stopped");
        }
    }

    /** Runs provider's code that nobody waits for. */
    static void aside(Executor executor, Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            work.run();
        }
    }

    void over(RoutedStream stream) {
        streams.remove(stream);
    }

    Executor executor() {
        return executor;
    }

    long nanos() {
        return routing.nanos();
    }

    Duration idle() {
        return routing.settings().idle();
    }

    /** Closes the streams that nobody reads any more. */
    void closeAbandoned() {
        Duration limit = routing.settings().abandoned();
        streams.forEach(stream -> stream.closeIfAbandoned(limit));
    }

    /** Takes no more calls, waits at most so long for those in flight, and then gives them up. */
    void close(Duration limit) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
