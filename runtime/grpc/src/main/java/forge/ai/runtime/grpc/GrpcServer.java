package forge.ai.runtime.grpc;

import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.Callers;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.support.serving.Address;
import forge.ai.runtime.support.serving.Calls;
import forge.ai.runtime.support.serving.Doorkeeper;
import forge.ai.runtime.support.serving.Readiness;
import io.grpc.ServerInterceptors;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server: where it listens, and what stands behind it. While it listens, its address is a service of the class
 * {@link URI} with the property {@link Address#PROTOCOL}.
 */
@Component(
        name = "forge.ai.runtime.grpc",
        configurationPid = GrpcServer.PID,
        service = {},
        immediate = true)
public final class GrpcServer {

    /** That of the HTTP server, which describes all keys. */
    static final String PID = "forge.ai.server";

    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);

    /** What it needs of the configuration of the servers, with the same defaults as there. */
    public @interface Config {
        /** {@code HOST:PORT} to listen on, port 0 for any free one; the command line's address counts more. */
        String grpc() default "127.0.0.1:8081";

        /** The largest message; a change counts from the next time that it begins to listen. */
        long maxBodyBytes() default 16 << 20;

        /** How long calls in flight have when the server stops. */
        int drainSeconds() default 20;

        /** When a key is asked for: auto (once one is configured), required (always) or none (never). */
        String authentication() default "auto";
    }

    private final BundleContext context;
    private final Services services = new Services();
    private final Readiness readiness = new Readiness(
            services.models,
            List.of(
                    new Readiness.Need("InferenceService", services.inference),
                    new Readiness.Need("ModelRegistry", services.models)));
    private final Calls calls = new Calls();
    private final CallReports reports = new CallReports();
    private final Listeners listeners;
    private final SynchronousBundleListener frameworkListener = this::frameworkStops;
    private volatile Settings settings;
    private Address listening;
    private ServiceRegistration<URI> announcement;

    @Activate
    public GrpcServer(BundleContext context, Config config) throws IOException {
        this.context = context;
        settings = Settings.of(config, context.getProperty("forge.grpc"));
        listening = settings.grpc().free();
        InferenceCalls inference = new InferenceCalls(
                services,
                readiness,
                new Unary(calls),
                context.getBundle().getVersion().toString());
        Entrance entrance = new Entrance(new Doorkeeper(services.callers, () -> settings.authentication()));
        listeners = new Listeners(
                // The last interceptor comes first.
                List.of(
                        ServerInterceptors.intercept(inference, entrance, reports),
                        new HealthCalls(readiness).bindService()));
        try {
            listeners.listen(listening, settings.maxMessage());
        } catch (IOException e) {
            listeners.close();
            throw e;
        }
        announcement = announce();
        context.addBundleListener(frameworkListener);
    }

    private ServiceRegistration<URI> announce() {
        URI address = listening.uri("grpc");
        LOG.info("listens on {}", address);
        return context.registerService(URI.class, address, new Hashtable<>(Map.of(Address.PROTOCOL, "grpc")));
    }

    /** Calls are let through before the first bundle stops, whatever the order in which bundles stop. */
    private void frameworkStops(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
            drain();
        }
    }

    private void drain() {
        readiness.stop();
        if (!listeners.drain(settings.drain())) {
            int givenUp = calls.drain(Duration.ZERO);
            if (givenUp > 0) {
                LOG.warn(
                        "{} calls were given up after {} s (drainSeconds)",
                        givenUp,
                        settings.drain().toSeconds());
            }
        }
    }

    /** Takes new values in; values that are refused, or an address that is taken, change nothing. */
    @Modified
    synchronized void modified(Config config) {
        try {
            Settings next = Settings.of(config, context.getProperty("forge.grpc"));
            if (!next.grpc().equals(settings.grpc())) {
                Address address = next.grpc().free();
                listeners.listen(address, next.maxMessage());
                listening = address;
                announcement.unregister();
                announcement = announce();
            }
            settings = next;
        } catch (IllegalArgumentException | IOException e) {
            LOG.error("{}; the configuration before stays in force, on {}", e.getMessage(), listening);
        }
    }

    @Deactivate
    synchronized void close() {
        context.removeBundleListener(frameworkListener);
        announcement.unregister();
        drain();
        listeners.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindInference(InferenceService service, Map<String, ?> properties) {
        services.inference.add(service, properties);
    }

    void updatedInference(InferenceService service, Map<String, ?> properties) {
        services.inference.update(service, properties);
    }

    void unbindInference(InferenceService service) {
        services.inference.remove(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindModels(ModelRegistry service, Map<String, ?> properties) {
        services.models.add(service, properties);
    }

    void updatedModels(ModelRegistry service, Map<String, ?> properties) {
        services.models.update(service, properties);
    }

    void unbindModels(ModelRegistry service) {
        services.models.remove(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTelemetry(Telemetry service) {
        reports.telemetry(service);
    }

    void unbindTelemetry(Telemetry service) {
        reports.without(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCallers(Callers service, Map<String, ?> properties) {
        services.callers.add(service, properties);
    }

    void updatedCallers(Callers service, Map<String, ?> properties) {
        services.callers.update(service, properties);
    }

    void unbindCallers(Callers service) {
        services.callers.remove(service);
    }
}
