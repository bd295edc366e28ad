package forge.ai.runtime.deploy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleException;

/** Runs code of others, which may never return, for a limited time. */
final class Bounded {

    private Bounded() {}

    /** @throws Refused if it did not end within the limit, or as {@code work} throws it */
    static <T> T call(String what, Duration limit, Callable<T> work) throws BundleException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofVirtual().name("forge-deploy-" + what).start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new Refused(what + " did not end within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new Refused(what + " was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BundleException known) {
                throw known;
            }
            if (e.getCause() instanceof Refused known) {
                throw known;
            }
            throw new Refused(what + ": " + Refused.said(e.getCause()), e.getCause());
        }
    }
}
