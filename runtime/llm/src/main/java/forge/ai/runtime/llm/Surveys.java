package forge.ai.runtime.llm;

import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.lease.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question to providers that costs no tokens. At each provider only one is in flight, however many ask, so that a
 * provider that hangs gathers no threads.
 */
final class Surveys<T> {

    /** What a provider answers, and the thread that asks it. */
    static final class Answer<T> extends CompletableFuture<T> {
        private volatile @Nullable Thread thread;

        private void giveUp() {
            Thread asking = thread;
            if (asking != null) {
                asking.interrupt();
            }
        }
    }

    private final String subject;
    private final Function<LlmProvider, T> question;
    private final Providers providers;
    private final Executor executor;
    private final Map<String, Answer<T>> running = new ConcurrentHashMap<>();

    Surveys(String subject, Function<LlmProvider, T> question, Providers providers, Executor executor) {
        this.subject = subject;
        this.question = question;
        this.providers = providers;
        this.executor = executor;
    }

    /** Asks, or joins those who have asked already. */
    Answer<T> ask(String provider) {
        Answer<T> mine = new Answer<>();
        Answer<T> theirs = running.putIfAbsent(provider, mine);
        if (theirs != null) {
            return theirs;
        }
        try {
            executor.execute(() -> answer(provider, mine));
        } catch (RejectedExecutionException e) {
            running.remove(provider, mine);
            mine.completeExceptionally(new UnavailableException("the LLM service is being stopped"));
        }
        return mine;
    }

    private void answer(String provider, Answer<T> answer) {
        answer.thread = Thread.currentThread();
        try (Lease<LlmProvider> lease = providers.acquire(provider).orElse(null)) {
            if (lease == null) {
                throw new UnavailableException("provider '" + provider + "' is gone");
            }
            answer.complete(question.apply(lease.service()));
        } catch (Throwable e) {
            answer.completeExceptionally(Failures.of(e, provider));
        } finally {
            running.remove(provider, answer);
        }
    }

    /** The answer, if it comes within the limit; throws what went wrong. */
    T await(String provider, Answer<T> answer, Duration limit) throws InterruptedException {
        try {
            return answer.get(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw (ForgeException) e.getCause();
        } catch (TimeoutException e) {
            answer.giveUp();
            throw new TimedOutException(
                    "provider '" + provider + "' did not answer the " + subject + " in time",
                    ErrorDetails.ofProvider(provider));
        }
    }
}
