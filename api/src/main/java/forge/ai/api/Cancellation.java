package forge.ai.api;

import java.util.ArrayList;
import java.util.List;

/**
 * A signal, given at most once, that nobody waits for the work any more. Safe for use by several threads.
 *
 * <p>Whoever starts the work keeps the signal and calls {@link #cancel()}; whoever does the work asks
 * {@link #cancelled()} between steps, or registers with {@link #onCancel} what interrupts a long step.
 */
public final class Cancellation {

    /** A registered action. */
    public interface Registration extends AutoCloseable {
        /** Takes the action back: when this returns, the action is not running and will not run. */
        @Override
        void close();
    }

    private final List<Runnable> actions = new ArrayList<>(1);
    private volatile boolean cancelled;

    public boolean cancelled() {
        return cancelled;
    }

    /** Throws {@link CancelledException} once cancelled. */
    public void check() {
        if (cancelled) {
            throw new CancelledException("the call was cancelled");
        }
    }

    /** Gives the signal and runs the registered actions in this thread; a second call does nothing. */
    public void cancel() {
        // The actions run under the lock: that is what lets Registration.close() promise that none is running.
        synchronized (actions) {
            if (!cancelled) {
                cancelled = true;
                List.copyOf(actions).forEach(Runnable::run);
                actions.clear();
            }
        }
    }

    /**
     * Registers what to do when the signal is given; done at once, in this thread, if it was given already. The action
     * must be short and must not throw.
     */
    public Registration onCancel(Runnable action) {
        synchronized (actions) {
            if (cancelled) {
                action.run();
            } else {
                actions.add(action);
            }
        }
        return () -> {
            synchronized (actions) {
                actions.remove(action);
            }
        };
    }
}
