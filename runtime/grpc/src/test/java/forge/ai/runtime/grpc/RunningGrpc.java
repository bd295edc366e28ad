package forge.ai.runtime.grpc;

import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import forge.ai.runtime.support.serving.Address;
import forge.ai.runtime.testkit.OsgiFramework;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** The built bundle, with the library bundle, in a framework on a free port, and clients in the test's own JVM. */
final class RunningGrpc implements AutoCloseable {

    private static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "forge.ai.lib.grpc");

    private final OsgiFramework framework;
    private final Bundle bundle;
    private final List<ManagedChannel> channels = new ArrayList<>();

    RunningGrpc(Path folder) throws Exception {
        this(folder, Map.of("grpc", "127.0.0.1:0"));
    }

    RunningGrpc(Path folder, Map<String, Object> configuration) throws Exception {
        framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.conversation;version=0.1.0",
                "forge.ai.api.deploy;version=0.1.0",
                "forge.ai.api.inference;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String name : BUNDLES) {
            framework.start(name);
        }
        configure(configuration);
        bundle = framework.start("forge.ai.runtime.grpc");
        framework.await(URI.class, "(" + Address.PROTOCOL + "=grpc)", Duration.ofSeconds(20));
    }

    void configure(Map<String, Object> values) throws Exception {
        admin().getConfiguration(GrpcServer.PID, "?").update(new Hashtable<>(values));
    }

    ConfigurationAdmin admin() {
        ServiceReference<ConfigurationAdmin> reference = context().getServiceReference(ConfigurationAdmin.class);
        return context().getService(reference);
    }

    OsgiFramework framework() {
        return framework;
    }

    BundleContext context() {
        return framework.context();
    }

    Bundle bundle() {
        return bundle;
    }

    <T> void register(Class<T> type, T service) {
        context().registerService(type, service, new Hashtable<>());
    }

    /** Where it says that it listens. */
    Optional<URI> address() {
        try {
            Collection<ServiceReference<URI>> found =
                    context().getServiceReferences(URI.class, "(" + Address.PROTOCOL + "=grpc)");
            return found.stream().findFirst().map(context()::getService);
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection of its own. */
    ManagedChannel connect() {
        URI address = address().orElseThrow();
        ManagedChannel channel = ManagedChannelBuilder.forAddress(address.getHost(), address.getPort())
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
        channels.add(channel);
        return channel;
    }

    GRPCInferenceServiceBlockingStub client() {
        return GRPCInferenceServiceGrpc.newBlockingStub(connect());
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 30 s: " + what);
            }
            // Asleep, not spinning: the server needs the cores.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    void disconnect() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
        }
        for (ManagedChannel channel : channels) {
            channel.awaitTermination(10, TimeUnit.SECONDS);
        }
        channels.clear();
    }

    @Override
    public void close() throws Exception {
        disconnect();
        framework.close();
    }
}
