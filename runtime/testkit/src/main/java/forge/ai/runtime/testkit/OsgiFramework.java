package forge.ai.runtime.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.util.tracker.ServiceTracker;

/** A framework in the test's own JVM, to start built bundles in; closing it stops them all. */
public final class OsgiFramework implements AutoCloseable {

    private static final String SLF4J = "org.slf4j;version=2.0.17,org.slf4j.event;version=2.0.17,"
            + "org.slf4j.helpers;version=2.0.17,org.slf4j.spi;version=2.0.17";

    private final Framework framework;

    private OsgiFramework(Framework framework) {
        this.framework = framework;
    }

    /**
     * Starts a framework.
     *
     * @param storage its folder; empty, or that of an earlier one whose bundles are then there again
     * @param packages packages of the test's class path that bundles are to see, each with its version, as in
     *     {@code forge.ai.api;version=0.1.0}
     */
    public static OsgiFramework start(Path storage, String... packages) throws BundleException {
        String visible = packages.length == 0 ? SLF4J : SLF4J + "," + String.join(",", packages);
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        storage.toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        visible));
        framework.start();
        return new OsgiFramework(framework);
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** Installs and starts the bundle of this symbolic name from the class path of the test. */
    public Bundle start(String symbolicName) throws BundleException, IOException {
        Path jar = ClassPathBundles.find(symbolicName);
        Bundle bundle;
        try (InputStream in = Files.newInputStream(jar)) {
            bundle = context().installBundle("test:" + symbolicName, in);
        }
        bundle.start();
        return bundle;
    }

    /** Installs and starts a copy of the bundle with another version, while the one with its own is there. */
    public Bundle startBeside(String symbolicName, String version) throws BundleException, IOException {
        byte[] copy = withVersion(ClassPathBundles.find(symbolicName), version);
        Bundle bundle = context().installBundle("test:" + symbolicName + "/" + version, new ByteArrayInputStream(copy));
        bundle.start();
        return bundle;
    }

    private static byte[] withVersion(Path jar, String version) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, version);
            try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
        return bytes.toByteArray();
    }

    /** Installs and starts a bundle made by the test. */
    public Bundle start(BundleJar jar) throws BundleException, IOException {
        Bundle bundle = context().installBundle("test:" + jar.symbolicName(), jar.open());
        bundle.start();
        return bundle;
    }

    /** Wires one bundle, and those that depend on it, anew; waits until that is done. */
    public void refresh(Bundle bundle) throws InterruptedException {
        var done = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> done.countDown());
        if (!done.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the refresh of " + bundle + " did not end in 30 s");
        }
    }

    /** Waits at most {@code limit} for a service of this class, known to the test by the same class loader. */
    public <T> T await(Class<T> type, String filter, Duration limit)
            throws InterruptedException, InvalidSyntaxException {
        String and = "(&(objectClass=%s)%s)".formatted(type.getName(), filter);
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context(), context().createFilter(and), null);
        tracker.open();
        try {
            T service = tracker.waitForService(limit.toMillis());
            if (service == null) {
                throw new IllegalStateException("no service " + and + " within " + limit);
            }
            return service;
        } finally {
            tracker.close();
        }
    }

    @Override
    public void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(Duration.ofSeconds(30).toMillis());
    }
}
