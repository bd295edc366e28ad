package forge.ai.runtime.models;

import forge.ai.api.model.ModelListener;
import forge.ai.api.model.ModelStatus;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells listeners of changes, in the order in which they happened and outside of the lock under which they did. */
final class Announcements {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final Queue<ModelStatus> pending = new ConcurrentLinkedQueue<>();
    private final List<ModelListener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock telling = new ReentrantLock();

    void add(ModelListener listener) {
        listeners.add(listener);
    }

    void remove(ModelListener listener) {
        listeners.remove(listener);
    }

    void note(ModelStatus status) {
        pending.add(status);
    }

    /** Tells what is pending; a listener that causes further changes hears of them after the one at hand. */
    void tell() {
        while (!pending.isEmpty() && !telling.isHeldByCurrentThread()) {
            telling.lock();
            try {
                for (ModelStatus status = pending.poll(); status != null; status = pending.poll()) {
                    tell(status);
                }
            } finally {
                telling.unlock();
            }
        }
    }

    private void tell(ModelStatus status) {
        LOG.atLevel(level(status))
                .log("Model {} version {} is {} {}", status.name(), status.version(), status.state(), status.reason());
        for (ModelListener listener : listeners) {
            try {
                listener.changed(status);
            } catch (RuntimeException e) {
                LOG.warn("A listener failed on {}", status, e);
            }
        }
    }

    /** A model comes and goes with its backend, and each time through the same states; only the ends are news. */
    private static Level level(ModelStatus status) {
        return switch (status.state()) {
            case READY -> status.reason().isEmpty() ? Level.INFO : Level.WARN;
            case FAILED -> Level.WARN;
            default -> Level.DEBUG;
        };
    }
}
