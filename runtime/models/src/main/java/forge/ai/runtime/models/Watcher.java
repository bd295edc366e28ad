package forge.ai.runtime.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the repository again and again. Polling sees what notifications of the file system miss (network folders,
 * links, renamed parents); its cost is bounded by pausing the longer, the longer a look takes.
 */
final class Watcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    /** A look may take one part in so many of the time. */
    private static final int SHARE = 20;

    /** At the first look, a file that was left alone for so long is taken for complete. */
    private static final Duration LEFT_ALONE = Duration.ofSeconds(2);

    private final Catalog catalog;
    private final ReentrantLock looking = new ReentrantLock();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("model repository").unstarted(this::watch);
    private Optional<Path> repository = Optional.empty();
    private Map<String, ModelFolder> before = Map.of();
    private String trouble = "";

    Watcher(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Has the first look and then goes on in the background. */
    void start() {
        look();
        thread.start();
    }

    private void watch() {
        try {
            long took = 0;
            while (true) {
                Duration pause = catalog.settings().look();
                TimeUnit.NANOSECONDS.sleep(Math.max(pause.toNanos(), took * SHARE));
                long began = System.nanoTime();
                look();
                took = System.nanoTime() - began;
            }
        } catch (InterruptedException e) {
            LOG.debug("No more looks at the repository");
        }
    }

    /** One look now. */
    void look() {
        looking.lock();
        try {
            Path folder = catalog.settings().repository();
            boolean first = !repository.equals(Optional.of(folder));
            if (first) {
                Files.createDirectories(folder);
            }
            Map<String, ModelFolder> seen = RepositoryFolder.look(folder);
            long young = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - LEFT_ALONE.toNanos();
            catalog.seen(seen, first ? Settled.first(young) : Settled.since(before));
            before = seen;
            repository = Optional.of(folder);
            trouble = "";
        } catch (IOException e) {
            // What is loaded stays: a folder that cannot be read is not an empty one.
            warnOnce(e.toString());
        } finally {
            looking.unlock();
        }
    }

    private void warnOnce(String now) {
        if (!now.equals(trouble)) {
            trouble = now;
            LOG.warn(
                    "Cannot look at the model repository {}: {}",
                    catalog.settings().repository(),
                    now);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Catalog.DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
