package forge.ai.runtime.deploy;

import java.time.Duration;
import java.util.List;
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

    /** Takes bundles out of service one after the other, in this order. */
    void start(List<Bundle> bundles) {
        while (threads.size() >= MOST) {
            await(threads.keySet().iterator().next());
        }
        Thread thread = Thread.ofVirtual()
                .name("forge-deploy-retire")
                .unstarted(() -> bundles.forEach(bundle -> {
                    try {
                        retire.accept(bundle);
                    } finally {
                        threads.remove(bundle);
                    }
                }));
        bundles.forEach(bundle -> threads.put(bundle, thread));
        thread.start();
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
