package forge.ai.runtime.deploy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;

/** Takes bundles out of service on the side: a long stream on an old one does not hold up what is put in next. */
final class Retirement {

    private static final Duration LIMIT = Duration.ofSeconds(65);
    private static final int MOST = 16;

    private final Consumer<Bundle> retire;
    private final Map<Bundle, Thread> threads = new ConcurrentHashMap<>();

    Retirement(Consumer<Bundle> retire) {
        this.retire = retire;
    }

    void start(Bundle bundle) {
        while (threads.size() >= MOST) {
            await(threads.keySet().iterator().next());
        }
        Thread thread = Thread.ofVirtual().name("forge-deploy-retire").unstarted(() -> {
            try {
                retire.accept(bundle);
            } finally {
                threads.remove(bundle);
            }
        });
        threads.put(bundle, thread);
        thread.start();
    }

    boolean runs(Bundle bundle) {
        return threads.containsKey(bundle);
    }

    /** Waits, bounded, until a bundle is out of service. */
    void await(Bundle bundle) {
        Thread thread = threads.get(bundle);
        if (thread == null) {
            return;
        }
        try {
            thread.join(LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.remove(bundle, thread);
    }
}
