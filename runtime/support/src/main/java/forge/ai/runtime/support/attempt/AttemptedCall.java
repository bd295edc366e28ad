package forge.ai.runtime.support.attempt;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import java.time.Duration;
import java.util.function.Function;

/** A call for a whole answer, made as often as its attempts allow. */
public final class AttemptedCall {

    private AttemptedCall() {}

    /** @throws ForgeException the failure that was final */
    public static <A, T> T of(Attempts<A> attempts, Function<A, T> call) {
        while (true) {
            A attempt = attempts.next();
            try {
                T answer = call.apply(attempt);
                attempts.answered(attempt);
                return answer;
            } catch (ForgeException e) {
                pause(attempts.failed(attempt, e, false).orElseThrow(() -> e), e);
            }
        }
    }

    private static void pause(Duration time, ForgeException failure) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(failure);
        }
    }

    static CancelledException cancelled(ForgeException failure) {
        return new CancelledException("the call was cancelled while it waited to be made again", failure.details());
    }
}
