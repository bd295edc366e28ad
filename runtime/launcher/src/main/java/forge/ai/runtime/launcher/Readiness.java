package forge.ai.runtime.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Waits until the runtime answers, asked as a user would. */
final class Readiness {

    /** Each server publishes its address as a service, with this property, when it listens there. */
    private static final String PROTOCOL = "forge.ai.server.protocol";

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int MAX_ANSWER = 4096;

    private final BundleContext context;
    private String lack = "";

    Readiness(BundleContext context) {
        this.context = context;
    }

    /**
     * Waits for it.
     *
     * @param end ends the wait as well
     * @return where it answers, HTTP first and then gRPC; empty if the end came first
     * @throws Exit if it is not ready within the limit; the line says what is missing
     */
    List<URI> await(Duration limit, CountDownLatch end) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < until) {
            URI http = address("http");
            URI grpc = address("grpc");
            if (http != null && grpc != null && ready(http)) {
                return List.of(http, grpc);
            }
            if (end.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                return List.of();
            }
        }
        throw Exit.failed("not ready within " + limit.toSeconds() + " s: " + lack + "; the log says more");
    }

    private URI address(String protocol) {
        try {
            Collection<ServiceReference<URI>> found =
                    context.getServiceReferences(URI.class, "(" + PROTOCOL + "=" + protocol + ")");
            if (found.isEmpty()) {
                lack = "nothing listens for " + protocol;
                return null;
            }
            return context.getService(found.iterator().next());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean ready(URI address) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) address.resolve("/health/ready").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
                return true;
            }
            try (InputStream in = connection.getErrorStream()) {
                lack = in == null ? "" : new String(in.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8).strip();
            }
        } catch (IOException e) {
            lack = address + " does not answer: " + e.getMessage();
        }
        return false;
    }
}
