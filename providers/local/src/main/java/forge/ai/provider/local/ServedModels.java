package forge.ai.provider.local;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

/**
 * The versions that are in use or were so lately: reading a tokenizer takes longer than a short answer. A version goes
 * when it is no longer served, or when too many are kept.
 */
final class ServedModels {

    /** So many are kept beyond those in use. */
    private static final int KEPT = 16;

    /** The files of a version may be replaced while its number stays: then the digest differs. */
    private record Key(String name, long version, String digest) {
        Key(ModelStatus status) {
            this(status.name(), status.version(), status.digest());
        }
    }

    private final BiFunction<ModelStatus, HubFiles, ServedModel> open;
    private final ReentrantLock lock = new ReentrantLock();
    /** The one used longest ago comes first. */
    private final Map<Key, ServedModel> models = new LinkedHashMap<>(16, 0.75f, true);

    ServedModels(BiFunction<ModelStatus, HubFiles, ServedModel> open) {
        this.open = open;
    }

    /**
     * The model of a version, entered: the caller leaves it.
     *
     * @throws UnsupportedException if it is neither a causal language model nor an embedding model
     */
    ServedModel enter(ModelStatus status) {
        lock.lock();
        try {
            ServedModel model = models.computeIfAbsent(new Key(status), key -> open.apply(status, files(status)));
            model.enter();
            shrink();
            return model;
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of a version. */
    void drop(String name, long version) {
        lock.lock();
        try {
            models.entrySet()
                    .removeIf(e ->
                            e.getKey().name().equals(name) && e.getKey().version() == version && retire(e.getValue()));
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of all. */
    void clear() {
        lock.lock();
        try {
            models.values().forEach(ServedModel::retire);
            models.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Those that are kept now. */
    List<ServedModel> all() {
        lock.lock();
        try {
            return List.copyOf(models.values());
        } finally {
            lock.unlock();
        }
    }

    private static HubFiles files(ModelStatus status) {
        return HubFiles.read(status.folder())
                .orElseThrow(() -> new UnsupportedException(
                        "model " + status.name() + " is neither a causal language model nor an embedding model with "
                                + "config.json and " + HubFiles.TOKENIZER));
    }

    private void shrink() {
        if (models.size() > KEPT) {
            models.values().stream().filter(ServedModel::idle).findFirst().ifPresent(oldest -> {
                models.values().remove(oldest);
                oldest.retire();
            });
        }
    }

    private static boolean retire(ServedModel model) {
        model.retire();
        return true;
    }
}
