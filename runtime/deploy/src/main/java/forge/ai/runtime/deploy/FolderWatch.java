package forge.ai.runtime.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has folders looked through when the operating system says that something changed there, and every now and then
 * besides, since such news can get lost (network file systems, overflow).
 */
final class FolderWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
    private static final Duration AT_LEAST_EVERY = Duration.ofMillis(500);

    private final WatchService news;
    private final Supplier<Duration> look;
    private final Thread thread;

    /** @param look looks through the folders and says after what time it wants to look again at the latest */
    FolderWatch(String name, List<Path> folders, Supplier<Duration> look) throws IOException {
        this.news = FileSystems.getDefault().newWatchService();
        this.look = look;
        for (Path folder : folders) {
            folder.register(
                    news,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        }
        this.thread = new Thread(this::watch, "forge-" + name);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void watch() {
        Duration next = AT_LEAST_EVERY;
        try {
            while (true) {
                WatchKey key = news.poll(next.toMillis(), TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
                next = lookOnce();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // Closing ends the watch.
        }
    }

    private Duration lookOnce() {
        try {
            Duration wanted = look.get();
            return wanted.compareTo(AT_LEAST_EVERY) < 0 ? wanted : AT_LEAST_EVERY;
        } catch (RuntimeException e) {
            // The watch has to go on: what fails now is looked at again.
            LOG.error("{}: looking through the folder failed; it is tried again", thread.getName(), e);
            return AT_LEAST_EVERY;
        }
    }

    /** Ends the watch; a look in progress is waited for, at most five seconds. */
    @Override
    public void close() {
        try {
            news.close();
            thread.join(Duration.ofSeconds(5));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
