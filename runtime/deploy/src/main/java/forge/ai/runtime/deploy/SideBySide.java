package forge.ai.runtime.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a bundle in the place of another: installs the new one under another location, starts it and waits until it
 * serves, and only then stops the old one. Stopping waits for the calls in flight, since whoever calls holds a lease.
 */
final class SideBySide {

    private static final Logger LOG = LoggerFactory.getLogger(SideBySide.class);
    private static final String LOCATION = "forge-deploy:";
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final BundleContext system;
    private final Readiness readiness;
    private final Spares spares = new Spares();
    private final AtomicLong number = new AtomicLong(System.currentTimeMillis());
    private volatile @Nullable Thread installing;

    /** @param system the context of the system bundle, so that no bundle of ours is the one who installed it */
    SideBySide(BundleContext system, Readiness readiness) {
        this.system = system;
        this.readiness = readiness;
    }

    /** Lets two bundles of one name and version be there at once, if it is this class that installs the second. */
    CollisionHook collisions() {
        return (int operation, Bundle target, Collection<Bundle> candidates) -> {
            if (Thread.currentThread() == installing) {
                candidates.clear();
            }
        };
    }

    /** The bundles that this class installed, in this run or an earlier one. */
    List<Bundle> installed() {
        return Stream.of(system.getBundles()).filter(SideBySide::deployed).toList();
    }

    static boolean deployed(Bundle bundle) {
        return bundle.getLocation().startsWith(LOCATION);
    }

    /** Whether this bundle was installed from that artifact. */
    boolean of(Artifact artifact, Bundle bundle) {
        return spares.holds(bundle, artifact) || bundle.getLocation().startsWith(location(artifact, artifact.hash()));
    }

    private static String location(Artifact artifact, String what) {
        return LOCATION + artifact.symbolicName() + "/" + what;
    }

    /**
     * Starts a bundle and returns when it serves; on failure it is stopped.
     *
     * @param old what it is to replace: it has to offer what that one does
     */
    void start(Bundle bundle, Optional<Bundle> old) {
        String name = bundle.getSymbolicName() + " " + bundle.getVersion();
        try {
            Bounded.call("starting " + name, START_LIMIT, () -> {
                bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
                if ((bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0) {
                    throw new Refused(name + " was started but did not become active");
                }
                readiness.await(bundle, old);
                return bundle;
            });
        } catch (BundleException e) {
            throw Refused.of(name, e);
        } catch (Refused e) {
            stop(bundle);
            throw e;
        }
    }

    /** Installs a bundle beside all others, without starting it. */
    Bundle install(Artifact artifact) {
        return put(artifact, in -> system.installBundle(next(artifact, artifact.hash()), in));
    }

    /** As {@link #install}, for an artifact that replaces one installed like that: the bundle may be used again. */
    Bundle installReplacement(Artifact artifact) {
        Bundle filled = put(artifact, in -> {
            Optional<Bundle> empty = spares.empty(artifact.symbolicName());
            if (empty.isEmpty()) {
                return system.installBundle(next(artifact, "spare"), in);
            }
            empty.get().update(in);
            return empty.get();
        });
        spares.filled(filled, artifact);
        return filled;
    }

    private String next(Artifact artifact, String what) {
        return location(artifact, what) + "-" + number.incrementAndGet();
    }

    /** Puts a jar into the framework. */
    private interface Put {
        Bundle put(InputStream jar) throws BundleException;
    }

    private Bundle put(Artifact artifact, Put put) {
        installing = Thread.currentThread();
        try (InputStream in = Files.newInputStream(artifact.jar())) {
            return put.put(in);
        } catch (BundleException e) {
            throw Refused.of(artifact.toString(), e);
        } catch (IOException e) {
            throw new Refused(artifact + ": " + Refused.said(e), e);
        } finally {
            installing = null;
        }
    }

    /** The bundles of a name that were kept for the next replacement, to be uninstalled: there will be none. */
    List<Bundle> release(String symbolicName) {
        return spares.release(symbolicName);
    }

    /** Takes a bundle out of service: a deployed one is uninstalled, one of the distribution is stopped and stays. */
    void retire(Bundle bundle) {
        stop(bundle);
        uninstallDeployed(bundle);
    }

    /** Uninstalls a deployed bundle, or empties it for the next replacement; one of the distribution stays. */
    void uninstallDeployed(Bundle bundle) {
        if (deployed(bundle)) {
            uninstall(bundle);
        }
    }

    /** Stops a bundle, which stays installed. */
    void stop(Bundle bundle) {
        String name = bundle.getSymbolicName() + " " + bundle.getVersion();
        try {
            Bounded.call("stopping " + name, STOP_LIMIT, () -> {
                bundle.stop(Bundle.STOP_TRANSIENT);
                return bundle;
            });
        } catch (BundleException | Refused e) {
            LOG.warn("{} did not stop cleanly: {}", name, Refused.said(e));
        }
    }

    private void uninstall(Bundle bundle) {
        try {
            if (!vacated(bundle) && bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
            refresh(bundle);
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} could not be uninstalled: {}", bundle, Refused.said(e));
        }
    }

    private boolean vacated(Bundle bundle) {
        try {
            return spares.vacate(bundle);
        } catch (BundleException e) {
            LOG.debug("{} cannot be used again", bundle, e);
            return false;
        }
    }

    /** Wires those anew that still use packages of a bundle that is gone; nobody does of a plug-in. */
    private void refresh(Bundle gone) {
        FrameworkWiring wiring =
                system.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        if (!wiring.getRemovalPendingBundles().contains(gone)) {
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(List.of(gone), event -> done.countDown());
        try {
            if (!done.await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the bundles that used {} were not wired anew within {}", gone, STOP_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
