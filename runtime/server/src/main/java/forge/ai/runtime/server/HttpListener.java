package forge.ai.runtime.server;

import forge.ai.runtime.support.serving.Address;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Hashtable;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Has Jetty listen, by its configuration. Jetty only logs it when it cannot, so whether it does is found out by asking.
 */
final class HttpListener implements AutoCloseable {

    private static final String PID = "org.apache.felix.http";

    private final Configuration configuration;
    private final String instance;

    HttpListener(ConfigurationAdmin admin, String instance) throws IOException {
        this.configuration = admin.getConfiguration(PID, "?");
        this.instance = instance;
    }

    /**
     * Starts to listen there, and no longer where it did before; the address must be free.
     *
     * @param idle how long nothing may move while a request is read or a client does not read; a handler at work is
     *     not cut short by it
     */
    void listen(Address address, Duration idle) throws IOException {
        Hashtable<String, Object> values = new Hashtable<>();
        values.put("org.apache.felix.http.host", address.host());
        values.put("org.osgi.service.http.port", address.port());
        values.put("org.apache.felix.http.enable", true);
        values.put("org.apache.felix.https.enable", false);
        values.put("org.apache.felix.http.timeout", (int) idle.toMillis());
        values.put("org.apache.felix.http.jetty.virtualthreads.enable", true);
        values.put("org.apache.felix.http.jetty.sendServerHeader", false);
        values.put("org.apache.felix.jetty.websocket.enable", true);
        // A model's name may hold a slash, which clients encode; the front decodes paths itself.
        values.put("org.eclipse.jetty.UriComplianceMode", "LEGACY");
        configuration.update(values);
    }

    /** Whether this very process answers there. */
    boolean answers(Address address) {
        try {
            URI live = address.uri("http").resolve("/health/live");
            HttpURLConnection connection = (HttpURLConnection) live.toURL().openConnection(java.net.Proxy.NO_PROXY);
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(2000);
            try (var in = connection.getInputStream()) {
                String answer = new String(in.readNBytes(4096), StandardCharsets.UTF_8);
                return answer.contains("\"" + instance + "\"");
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops to listen; the configuration must not outlive the bundle, or Jetty would start on it alone. */
    @Override
    public void close() throws IOException {
        configuration.delete();
    }
}
