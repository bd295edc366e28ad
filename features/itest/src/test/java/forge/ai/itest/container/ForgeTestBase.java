package forge.ai.itest.container;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.Deployments;
import forge.ai.itest.Await;
import forge.ai.itest.ForgeProcess;
import forge.ai.itest.JsonClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Tests that run as a bundle beside those of the default feature. All share one container, as a process loads a native
 * library once; each leaves it as it found it.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public abstract class ForgeTestBase {

    static final Duration LIMIT = Duration.ofSeconds(20);

    @Inject
    protected BundleContext context;

    private JsonClient client;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Option[] {ContainerOptions.defaultFeature()};
    }

    @Before
    public void awaitReady() {
        client = new JsonClient(address());
        Await.until(
                "the runtime is ready",
                LIMIT,
                this::readiness,
                () -> readiness().status() == 200);
    }

    JsonClient.Answer readiness() {
        return client.get("/health/ready");
    }

    JsonClient client() {
        return client;
    }

    Path home() {
        return Path.of(context.getProperty("forge.home"));
    }

    /** The service, once it is there. */
    <T> T service(Class<T> type) {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        try {
            return Optional.ofNullable(tracker.waitForService(LIMIT.toMillis()))
                    .orElseThrow(() -> new AssertionError("there is no " + type.getName()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            tracker.close();
        }
    }

    URI address() {
        Await.until("the server listens", LIMIT, () -> !addresses().isEmpty());
        return context.getService(addresses().getFirst());
    }

    private List<ServiceReference<URI>> addresses() {
        try {
            return List.copyOf(context.getServiceReferences(URI.class, "(forge.ai.server.protocol=http)"));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is said of something that was put in, if anything is. */
    Optional<Deployment> deployment(String name) {
        return service(Deployments.class).list().stream()
                .filter(d -> d.name().equals(name))
                .findFirst();
    }

    /** Puts a file in as people are told to: under another name first, so that it is whole from the start. */
    void put(Path file, byte[] content) {
        try {
            Path part = file.resolveSibling("." + file.getFileName() + ".part");
            Files.write(part, content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empties the deploy folder and waits until nothing is left of what was in it. */
    void undeployAll() throws IOException {
        try (Stream<Path> files = Files.list(deployFolder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Await.until(
                "nothing is deployed",
                LIMIT,
                () -> service(Deployments.class).list().isEmpty()
                        && bundles().noneMatch(b -> b.getLocation().startsWith("forge-deploy:")));
    }

    Stream<Bundle> bundles() {
        return Stream.of(context.getBundles());
    }

    /** As it was built. */
    byte[] example(String name) {
        try {
            return Files.readAllBytes(ForgeProcess.example(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path deployFolder() {
        return home().resolve("deploy");
    }
}
