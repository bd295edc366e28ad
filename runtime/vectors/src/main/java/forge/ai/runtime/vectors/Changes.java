package forge.ai.runtime.vectors;

import forge.ai.api.Cancellation;
import forge.ai.api.CancelledException;
import forge.ai.api.UnavailableException;
import forge.ai.runtime.support.thread.CallThreads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Makes changes in threads that no caller can interrupt. A caller that is interrupted goes; its change is not begun any
 * more, but if it was begun it is made.
 */
final class Changes {

    /** Makes a change, unless it is cancelled before it begins. */
    @FunctionalInterface
    interface Work<T> {
        T make(Cancellation cancellation) throws IOException;
    }

    private final CallThreads threads = new CallThreads("forge-vectors-");

    <T> T make(Work<T> work) throws IOException {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    done.complete(work.make(cancellation));
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
            return done.get();
        } catch (RejectedExecutionException e) {
            throw new UnavailableException("the vector service is being stopped");
        } catch (InterruptedException e) {
            cancellation.cancel();
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while a collection is changed; a change that was begun is made");
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    private static RuntimeException thrown(Throwable cause) throws IOException {
        if (cause instanceof IOException failure) {
            throw failure;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    /** Takes no more; those begun go on. */
    void close() {
        threads.shutdown();
    }
}
