package forge.ai.runtime.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came with the distribution: its folder, and the bundles that the launcher starts from it. */
final class Distribution {

    /** Where the launcher installs the bundles of the distribution. */
    static final String LOCATION = "forge-base:";

    private static final Logger LOG = LoggerFactory.getLogger(Distribution.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final BundleContext system;
    private final Optional<Path> folder;

    Distribution(BundleContext system) {
        this.system = system;
        this.folder = Optional.ofNullable(system.getProperty("forge.dist")).map(Path::of);
    }

    Optional<Path> bundles() {
        return folder.map(dist -> dist.resolve("bundles"));
    }

    Optional<Path> features() {
        return folder.map(dist -> dist.resolve("features"));
    }

    /**
     * Waits, bounded, until the launcher has started all of its bundles: one that is replaced before it starts would
     * start after its replacement, and both would serve.
     */
    void awaitStarted() throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        List<Bundle> left = notStarted();
        while (!left.isEmpty()) {
            if (System.nanoTime() > end) {
                LOG.warn("not started within {}: {}", LIMIT, left);
                return;
            }
            Thread.sleep(5);
            left = notStarted();
        }
    }

    private List<Bundle> notStarted() {
        return Stream.of(system.getBundles())
                .filter(bundle -> bundle.getLocation().startsWith(LOCATION)
                        || bundle.getLocation().startsWith(RestartFolder.LOCATION))
                .filter(bundle -> bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null)
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE && !lazy(bundle))
                .toList();
    }

    private static boolean lazy(Bundle bundle) {
        return bundle.getState() == Bundle.STARTING
                && bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY) != null;
    }
}
