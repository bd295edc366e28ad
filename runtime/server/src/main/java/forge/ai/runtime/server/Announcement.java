package forge.ai.runtime.server;

import forge.ai.runtime.support.serving.Address;
import java.net.URI;
import java.util.Hashtable;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the server's address as soon as it answers there, until it is closed. */
final class Announcement implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);
    private static final int PATIENCE = 600;

    private final BundleContext context;
    private final HttpListener listener;
    private final Address address;
    private final Thread thread;
    private @Nullable ServiceRegistration<URI> registration;
    private boolean closed;

    Announcement(BundleContext context, HttpListener listener, Address address) {
        this.context = context;
        this.listener = listener;
        this.address = address;
        this.thread = Thread.ofVirtual().name("forge-server-announcement").start(this::run);
    }

    private void run() {
        try {
            for (int tries = 1; !listener.answers(address); tries++) {
                if (tries == PATIENCE) {
                    LOG.warn("nothing answers on {} yet; is org.apache.felix.http.jetty12 started?", address);
                }
                Thread.sleep(tries < PATIENCE ? 20 : 1000);
            }
            publish();
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private synchronized void publish() {
        if (!closed) {
            LOG.info("listens on {}", address.uri("http"));
            registration = context.registerService(
                    URI.class, address.uri("http"), new Hashtable<>(Map.of(Address.PROTOCOL, "http")));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        synchronized (this) {
            closed = true;
            if (registration != null) {
                registration.unregister();
                registration = null;
            }
        }
    }
}
