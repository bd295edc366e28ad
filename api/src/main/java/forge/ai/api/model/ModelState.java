package forge.ai.api.model;

/** The life of a model version. */
public enum ModelState {
    /** In the repository, not loaded. */
    UNAVAILABLE,
    /** Being loaded and warmed. */
    LOADING,
    /** Serving. */
    READY,
    /** Takes no new calls; those in flight finish. */
    UNLOADING,
    /** Could not be loaded; the status says why. */
    FAILED
}
