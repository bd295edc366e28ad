package forge.ai.runtime.server.metrics;

/** Which text a reader of metrics understands. */
enum TextFormat {
    /** Prometheus' own, version 0.0.4. */
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    /** Version 1.0.0. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String mediaType;

    TextFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /** OpenMetrics for whoever asks for it, as Prometheus does. */
    static TextFormat accepted(String accept) {
        return accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
    }
}
