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
    private final List<Bundle> bundles = new ArrayList<>();

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
     * Installs all and starts them in their order.
     *
     * @throws Exit if one cannot be started
     */
    void start(List<Path> jars) throws IOException {
        for (Path jar : jars) {
            bundles.add(install(jar));
        }
        for (Bundle bundle : bundles) {
            if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
                start(bundle);
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

    private Bundle install(Path jar) throws IOException {
        Bundle bundle = install(BASE + jar.getFileName(), jar);
        Path instead = restarts.resolve(bundle.getSymbolicName() + ".jar");
        if (!Files.isRegularFile(instead)) {
            return bundle;
        }
        try {
            Bundle other = install(RESTART + bundle.getSymbolicName(), instead);
            bundle.uninstall();
            return other;
        } catch (Exit | BundleException e) {
            LOG.warn("{} cannot stand in for {}: {}", instead, jar, e.getMessage());
            return bundle;
        }
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
            bundle.start();
        } catch (BundleException e) {
            LOG.debug("Cannot start {}", bundle.getSymbolicName(), e);
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw Exit.failed("cannot start the bundle " + bundle.getSymbolicName() + ": " + cause.getMessage());
        }
    }
}
