package forge.ai.runtime.llm;

import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.TimedOutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An attempt to get a whole answer. */
final class WholeAttempt<T> extends Attempt {

    private final Ask<T> ask;
    private final AnswerShape<T> shape;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    WholeAttempt(Permit permit, Ask<T> ask, AnswerShape<T> shape) {
        super(permit);
        this.ask = ask;
        this.shape = shape;
    }

    @Override
    void call() {
        try {
            T given = ask.of(
                    permit().service(),
                    permit().target().model(),
                    permit().limit(),
                    permit().account().span());
            if (given == null) {
                throw new IllegalStateException("null for an answer");
            }
            permit().succeeded();
            permit().account().more(shape.characters().applyAsLong(given));
            shape.describe().accept(given, permit().account().span());
            permit().account().completed(ask.taken().or(() -> shape.usage().apply(given)));
            answer.complete(given);
        } catch (Throwable e) {
            if (!cancelled()) {
                ForgeException failure = Failures.of(e, permit().target().provider());
                ask.taken().ifPresent(permit().account()::partly);
                permit().failed(failure);
                answer.completeExceptionally(failure);
            }
        }
    }

    /** Waits for the answer, as long as the attempt may take; then, or if interrupted, gives it up. */
    T await() throws InterruptedException {
        try {
            return answer.get(permit().left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw (ForgeException) e.getCause();
        } catch (TimeoutException e) {
            TimedOutException late = new TimedOutException(
                    "no answer from '" + permit().target().name() + "' within "
                            + permit().limit().toMillis() + " ms",
                    ErrorDetails.ofProvider(permit().target().provider()));
            permit().failed(late);
            // Its estimate counts these too.
            ask.taken();
            cancel();
            throw late;
        } catch (InterruptedException e) {
            cancel();
            throw e;
        }
    }
}
