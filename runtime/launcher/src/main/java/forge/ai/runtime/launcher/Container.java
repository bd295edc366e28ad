package forge.ai.runtime.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The framework with the bundles of the distribution.
 *
 * <p>Its own storage starts empty each time: what was deployed is kept, and brought back, by
 * {@code forge.ai.runtime.deploy}, so a storage torn by a crash costs nothing.
 */
final class Container {

    private static final Logger LOG = LoggerFactory.getLogger(Container.class);

    /** Where the distribution's bundles come from, as others see it. */
    private static final String BASE = "forge-base:";
    /** Where those come from that stand in for one of the distribution's from this start on. */
    private static final String RESTART = "forge-restart:";

    private final Framework framework;
    private final Path restarts;

    private Container(Framework framework, Path restarts) {
        this.framework = framework;
        this.restarts = restarts;
    }

    /** Starts the framework with nothing in it. */
    static Container create(Home home, Map<String, String> properties) throws BundleException {
        Map<String, String> all = new HashMap<>(properties);
        all.put(Constants.FRAMEWORK_STORAGE, home.data().resolve("framework").toString());
        all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        all.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        all.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, LoggingPackages.exported());
        all.put("felix.cm.dir", home.data().resolve("configurations").toString());
        Framework framework = new FrameworkFactory().newFramework(all);
        framework.start();
        return new Container(framework, home.data().resolve("deploy/restart"));
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /**
     * Installs all and starts them in their order. What is to be in force from this start on stands in for the
     * distribution's bundle of its name, or comes besides, as a fragment does.
     *
     * @throws Exit if one of the distribution's cannot be started
     */
    void start(List<Path> jars) throws IOException {
        List<Bundle> bundles = new ArrayList<>();
        Map<Bundle, Path> standIns = new HashMap<>();
        for (Path jar : jars) {
            Bundle bundle = install(BASE + jar.getFileName(), jar);
            Optional<Bundle> standIn = standIn(bundle);
            standIn.ifPresent(b -> standIns.put(b, jar));
            bundles.add(standIn.orElse(bundle));
        }
        bundles.addAll(additions());
        for (Bundle bundle : bundles) {
            if (standIns.containsKey(bundle)) {
                startOrGiveBack(bundle, standIns.get(bundle));
            } else if (bundle.getLocation().startsWith(BASE)) {
                start(bundle);
            } else {
                tryToStart(bundle);
            }
        }
    }

    /** Stops all bundles and the framework. */
    void stop(Duration limit) throws BundleException, InterruptedException {
        framework.stop();
        FrameworkEvent event = framework.waitForStop(limit.toMillis());
        if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            LOG.warn("The framework did not stop within {}", limit);
        }
    }

    private Optional<Bundle> standIn(Bundle bundle) throws IOException {
        Path jar = restarts.resolve(bundle.getSymbolicName() + ".jar");
        if (!Files.isRegularFile(jar)) {
            return Optional.empty();
        }
        try {
            Bundle standIn = install(RESTART + bundle.getSymbolicName(), jar);
            bundle.uninstall();
            return Optional.of(standIn);
        } catch (Exit | BundleException e) {
            LOG.warn("{} cannot stand in for {}: {}", jar, bundle.getSymbolicName(), e.getMessage());
            return Optional.empty();
        }
    }

    /** What waits for this start and has no counterpart in the distribution. */
    private List<Bundle> additions() throws IOException {
        if (!Files.isDirectory(restarts)) {
            return List.of();
        }
        List<Bundle> additions = new ArrayList<>();
        try (Stream<Path> files = Files.list(restarts)) {
            for (Path jar :
                    files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
                String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
                if (Stream.of(context().getBundles()).noneMatch(b -> name.equals(b.getSymbolicName()))) {
                    try {
                        additions.add(install(RESTART + name, jar));
                    } catch (Exit e) {
                        LOG.warn(e.getMessage());
                    }
                }
            }
        }
        return additions;
    }

    private Bundle install(String location, Path jar) throws IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            return context().installBundle(location, in);
        } catch (BundleException e) {
            throw Exit.failed("cannot install " + jar + ": " + e.getMessage());
        }
    }

    private static void start(Bundle bundle) {
        try {
            startUnlessFragment(bundle);
        } catch (BundleException e) {
            LOG.debug("Cannot start {}", bundle.getSymbolicName(), e);
            throw Exit.failed("cannot start the bundle " + bundle.getSymbolicName() + ": " + reason(e));
        }
    }

    /** A replacement that does not start must not keep the runtime from starting. */
    private void startOrGiveBack(Bundle standIn, Path distributed) throws IOException {
        if (tryToStart(standIn)) {
            return;
        }
        try {
            standIn.uninstall();
        } catch (BundleException e) {
            LOG.warn("Cannot uninstall {}: {}", standIn, reason(e));
        }
        start(install(BASE + distributed.getFileName(), distributed));
    }

    private static boolean tryToStart(Bundle bundle) {
        try {
            startUnlessFragment(bundle);
            return true;
        } catch (BundleException e) {
            LOG.warn("{}, deployed for this start, does not start: {}", bundle.getSymbolicName(), reason(e));
            return false;
        }
    }

    private static void startUnlessFragment(Bundle bundle) throws BundleException {
        if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
            bundle.start();
        }
    }

    private static String reason(BundleException e) {
        return (e.getCause() == null ? e : e.getCause()).getMessage();
    }
}
