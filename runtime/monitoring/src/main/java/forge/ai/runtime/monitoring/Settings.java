package forge.ai.runtime.monitoring;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration of monitoring, checked; see {@link OpenTelemetryService.Config}.
 *
 * @param endpoint the collector's address without a slash at its end; empty for none
 * @param headers for each request to it, keys perhaps among them
 * @param metrics whether it gets metrics
 * @param interval how often
 * @param traces whether it gets traces
 * @param ratio the share of the traces begun here that are recorded, 0 to 1
 * @param queue the most spans that wait for the collector; what is more is dropped
 * @param contents whether what people and models said is recorded
 */
record Settings(
        String endpoint,
        Map<String, String> headers,
        boolean metrics,
        Duration interval,
        boolean traces,
        double ratio,
        int queue,
        boolean contents) {

    static Settings of(OpenTelemetryService.Config config) {
        double ratio = config.traces_ratio();
        if (!(ratio >= 0 && ratio <= 1)) {
            throw refused("traces.ratio", Double.toString(ratio), "0 to 1");
        }
        return new Settings(
                endpoint(config.otlp_endpoint().strip()),
                headers(config.otlp_headers()),
                config.otlp_metrics(),
                Duration.ofMillis(within("otlp.intervalMillis", config.otlp_intervalMillis(), 100, 3_600_000)),
                config.otlp_traces(),
                ratio,
                within("traces.queue", config.traces_queue(), 16, 1_000_000),
                config.traces_contents());
    }

    private static String endpoint(String text) {
        if (text.isEmpty()) {
            return text;
        }
        try {
            URI uri = new URI(text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
                return text.replaceAll("/+$", "");
            }
        } catch (URISyntaxException e) {
            // Refused like one without a host.
        }
        throw refused("otlp.endpoint", text, "nothing, or an address as in http://127.0.0.1:4318");
    }

    private static Map<String, String> headers(String[] lines) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw refused("otlp.headers", "***", "a list of NAME: VALUE");
            }
            headers.put(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
        return Map.copyOf(headers);
    }

    private static int within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw refused(key, Integer.toString(value), least + " to " + most);
        }
        return value;
    }

    private static IllegalArgumentException refused(String key, String value, String allowed) {
        return new IllegalArgumentException(
                OpenTelemetryService.PID + ": " + key + " = " + value + " is refused; allowed: " + allowed);
    }

    boolean exportsMetrics() {
        return metrics && !endpoint.isEmpty();
    }

    boolean exportsTraces() {
        return traces && !endpoint.isEmpty();
    }

    /** Headers may hold keys. */
    @Override
    public String toString() {
        return "Settings[" + endpoint + "]";
    }
}
