package forge.ai.runtime.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;

/** Takes bundles out of service on the side: a long stream on an old one does not hold up what is put in next. */
final class Retirement {

    private static final Duration LIMIT = Duration.ofSeconds(65);
    private static final Duration LOOK_UPS = Duration.ofMillis(200);
    private static final int MOST = 16;

    private final Consumer<Bundle> stop;
    private final Consumer<Bundle> uninstall;
    private final Map<Bundle, Thread> threads = new ConcurrentHashMap<>();

    Retirement(Consumer<Bundle> stop, Consumer<Bundle> uninstall) {
        this.stop = stop;
        this.uninstall = uninstall;
    }

    /** Takes bundles out of service: stops them one after the other, in this order, and then uninstalls them. */
    void start(List<Bundle> bundles) {
        while (threads.size() >= MOST) {
            await(threads.keySet().iterator().next());
        }
        Thread thread = Thread.ofVirtual().name("forge-deploy-retire").unstarted(() -> retire(bundles));
        bundles.forEach(bundle -> threads.put(bundle, thread));
        thread.start();
    }

    private void retire(List<Bundle> bundles) {
        try {
            bundles.forEach(stop);
            // Felix fails a look-up of services that is under way when the bundle of one that it found is uninstalled.
            LockSupport.parkNanos(LOOK_UPS.toNanos());
            bundles.forEach(uninstall);
        } finally {
            bundles.forEach(threads::remove);
        }
    }

    boolean runs(Bundle bundle) {
        return threads.containsKey(bundle);
    }

    /** Waits, bounded, until a bundle is out of service. */
    void await(Bundle bundle) {
        await(bundle, LIMIT);
        threads.remove(bundle);
    }

    /** Waits until nothing is being taken out of service, at most for so long. */
    void awaitAll(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        for (Bundle bundle : List.copyOf(threads.keySet())) {
            await(bundle, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }

    private void await(Bundle bundle, Duration limit) {
        Thread thread = threads.get(bundle);
        if (thread == null) {
            return;
        }
        try {
            thread.join(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
