package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.support.thread.CallThreads;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes calls: attempt after attempt, each on a thread of its own, until there is an answer. */
final class Calls {

    private final Routing routing;
    private final ExecutorService executor = new CallThreads("forge-llm-");
    private final Set<RoutedStream> streams = ConcurrentHashMap.newKeySet();

    Calls(Routing routing) {
        this.routing = routing;
    }

    /** Gets a whole answer. */
    <T> T whole(Order order, Ask<T> ask, AnswerShape<T> shape) {
        CallAccount account = CallAccount.open(order, false, routing);
        Attempts attempts = null;
        try (account) {
            attempts = new Attempts(account, routing);
            return whole(attempts, ask, shape, account);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            account.report().cancelled();
            throw new CancelledException("interrupted while waiting for the answer");
        } catch (ForgeException e) {
            throw reported(account, attempts, e);
        }
    }

    private static ForgeException reported(CallAccount account, @Nullable Attempts attempts, ForgeException failure) {
        ForgeException explained = attempts == null ? failure : Failures.explained(failure, attempts.attribution());
        account.report().failed(explained);
        return explained;
    }

    private <T> T whole(Attempts attempts, Ask<T> ask, AnswerShape<T> shape, CallAccount account)
            throws InterruptedException {
        while (true) {
            WholeAttempt<T> attempt = new WholeAttempt<>(attempts.next(Calls::sleep), ask, shape);
            start(attempt);
            try {
                T answer = attempt.await();
                // Before the answer says what is left.
                account.close();
                Attribution by = attempts.attribution(attempt.permit());
                account.report().answered(by);
                return shape.attribute().apply(answer, by);
            } catch (ForgeException e) {
                attempts.failed(attempt.permit(), e);
            }
        }
    }

    private static void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    /** Begins an answer piece by piece. */
    CompletionStream stream(Order order, Ask<CompletionStream> ask) {
        CallAccount account = CallAccount.open(order, true, routing);
        Attempts attempts = null;
        try {
            attempts = new Attempts(account, routing);
            RoutedStream stream = new RoutedStream(account, attempts, ask, this);
            stream.begin();
            streams.add(stream);
            return stream;
        } catch (InterruptedException e) {
            account.close();
            account.report().cancelled();
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted before the call was made");
        } catch (ForgeException e) {
            account.close();
            throw reported(account, attempts, e);
        }
    }

    /** Lets a call in that is answered from the cache, and books it; with what is left to the caller. */
    Attribution cached(Order order, boolean stream, Attribution by) {
        try (CallAccount account = CallAccount.openCached(order, stream, routing)) {
            account.bookCached(by);
            account.report().answered(by);
            return by.withLimits(account.limits());
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
