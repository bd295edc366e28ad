package forge.ai.provider.local;

import java.util.concurrent.atomic.AtomicBoolean;

/** What one call holds of a model: its version in the registry, and its tokenizer. */
final class ModelUse implements AutoCloseable {

    private final VersionHold hold;
    private final ServedModel model;
    private final Runnable onClose;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private ModelUse(VersionHold hold, ServedModel model, Runnable onClose) {
        this.hold = hold;
        this.model = model;
        this.onClose = onClose;
    }

    /**
     * Adds what this provider has of the version; the hold goes with it, also if that fails.
     *
     * @param onClose called once at the end, but not if this fails
     */
    static ModelUse of(VersionHold hold, ServedModels models, Runnable onClose) {
        try {
            return new ModelUse(hold, models.enter(hold.status()), onClose);
        } catch (RuntimeException e) {
            hold.close();
            throw e;
        }
    }

    VersionHold hold() {
        return hold;
    }

    ServedModel model() {
        return model;
    }

    /** Gives all back; a second call does nothing. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            model.leave();
            hold.close();
            onClose.run();
        }
    }
}
