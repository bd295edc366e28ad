package forge.ai.runtime.server;

import forge.ai.api.conversation.Conversations;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.monitoring.MetricsReader;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.server.anthropic.AnthropicDialect;
import forge.ai.runtime.server.metrics.MetricsDialect;
import forge.ai.runtime.server.ollama.OllamaDialect;
import forge.ai.runtime.server.openai.OpenAiDialect;
import forge.ai.runtime.server.openinference.OpenInferenceDialect;
import forge.ai.runtime.server.responses.ResponsesDialect;
import forge.ai.runtime.server.tensorflow.TensorFlowDialect;
import forge.ai.runtime.support.serving.Address;
import forge.ai.runtime.support.serving.Calls;
import forge.ai.runtime.support.serving.Doorkeeper;
import forge.ai.runtime.support.serving.Readiness;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: where it listens, and what stands behind its one servlet.
 *
 * <p>The servlet is registered by hand and keeps its registration as long as the bundle runs: registering it anew, as a
 * change of a component's properties does, would lose requests. Once the server answers, its address is a service of
 * the class {@link URI} with the property {@link Address#PROTOCOL}.
 */
@Component(
        name = HttpServer.PID,
        configurationPid = HttpServer.PID,
        service = {},
        immediate = true)
@Designate(ocd = HttpServer.Config.class)
public final class HttpServer {

    static final String PID = "forge.ai.server";

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Its configuration. */
    @ObjectClassDefinition(name = "Forge AI server")
    public @interface Config {
        @AttributeDefinition(
                description = "HOST:PORT to listen on, port 0 for any free one; the command line's address counts more")
        String http() default "127.0.0.1:8080";

        @AttributeDefinition(
                description =
                        "HOST:PORT where forge.ai.runtime.grpc listens for gRPC; the command line's address counts"
                                + " more")
        String grpc() default "127.0.0.1:8081";

        @AttributeDefinition(description = "the largest body of a request, or message")
        long maxBodyBytes() default 16 << 20;

        @AttributeDefinition(description = "how long calls in flight have when the server stops")
        int drainSeconds() default 20;

        @AttributeDefinition(description = "after so long a silence a stream says that it is still there")
        int keepAliveSeconds() default 15;

        @AttributeDefinition(
                description = "a connection is closed when nothing moves for so long while a request comes in, or while"
                        + " the client does not read")
        int idleSeconds() default 60;

        @AttributeDefinition(
                description =
                        "when a key is asked for: auto (once one is configured), required (always) or none (never)")
        String authentication() default "auto";
    }

    private final BundleContext context;
    private final Services services = new Services();
    private final Readiness readiness = new Readiness(
            services.models,
            List.of(
                    new Readiness.Need("LlmService", services.llm),
                    new Readiness.Need("InferenceService", services.inference),
                    new Readiness.Need("ModelRegistry", services.models),
                    new Readiness.Need("Deployments", services.deployments)));
    private final Calls calls = new Calls();
    private final RequestReports requests = new RequestReports(calls);
    private final Heartbeat heartbeat;
    private final ClientWatch clients = new ClientWatch();
    private final Sockets sockets;
    private final HttpListener listener;
    private final ServiceRegistration<Servlet> servlet;
    private final SynchronousBundleListener frameworkListener = this::frameworkStops;
    private volatile Settings settings;
    private Address listening;
    private Announcement announcement;

    @Activate
    public HttpServer(BundleContext context, @Reference ConfigurationAdmin admin, Config config) throws IOException {
        this.context = context;
        settings = Settings.of(config, context.getProperty("forge.http"));
        String instance = Objects.requireNonNull(context.getProperty(Constants.FRAMEWORK_UUID));
        listening = settings.http().free();
        listener = new HttpListener(admin, instance);
        heartbeat = new Heartbeat(() -> settings.keepAlive());
        sockets = new Sockets(calls, () -> settings.maxBody(), () -> settings.idle());
        OpenAiDialect openAi = new OpenAiDialect(services);
        Router router = new Router(List.of(
                new OpenInferenceDialect(
                        services,
                        context.getBundle().getVersion().toString(),
                        () -> readiness.lacks().isEmpty()),
                new TensorFlowDialect(services),
                openAi,
                new ResponsesDialect(services, openAi, sockets),
                new AnthropicDialect(services),
                new OllamaDialect(services),
                new MetricsDialect(services),
                new Health(instance, services, readiness)));
        servlet = context.registerService(
                Servlet.class,
                new EdgeServlet(
                        router,
                        new Doorkeeper(services.callers, () -> settings.authentication()),
                        calls,
                        heartbeat,
                        clients,
                        () -> settings.maxBody(),
                        requests),
                new Hashtable<>(Map.of(
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN,
                        "/",
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME,
                        "forge.ai.server")));
        listener.listen(listening, settings.idle());
        announcement = new Announcement(context, listener, listening);
        context.addBundleListener(frameworkListener);
    }

    /** Calls are let through before the first bundle stops, whatever the order in which bundles stop. */
    private void frameworkStops(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
            drain();
        }
    }

    private void drain() {
        readiness.stop();
        int givenUp = calls.drain(settings.drain());
        if (givenUp > 0) {
            LOG.warn(
                    "{} calls were given up after {} s (drainSeconds)",
                    givenUp,
                    settings.drain().toSeconds());
        }
        sockets.close();
    }

    /** Takes new values in; values that are refused, or an address that is taken, change nothing. */
    @Modified
    synchronized void modified(Config config) throws IOException {
        try {
            Settings next = Settings.of(config, context.getProperty("forge.http"));
            if (!next.http().equals(settings.http())) {
                Address address = next.http().free();
                announcement.close();
                listener.listen(address, next.idle());
                listening = address;
                announcement = new Announcement(context, listener, listening);
            } else if (!next.idle().equals(settings.idle())) {
                listener.listen(listening, next.idle());
            }
            settings = next;
        } catch (IllegalArgumentException | IOException e) {
            LOG.error("{}; the configuration before stays in force, on {}", e.getMessage(), listening);
        }
    }

    @Deactivate
    synchronized void close() throws IOException {
        context.removeBundleListener(frameworkListener);
        drain();
        announcement.close();
        servlet.unregister();
        listener.close();
        requests.telemetry(Telemetry.NONE);
        heartbeat.close();
        clients.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLlm(LlmService service, Map<String, ?> properties) {
        services.llm.add(service, properties);
    }

    void updatedLlm(LlmService service, Map<String, ?> properties) {
        services.llm.update(service, properties);
    }

    void unbindLlm(LlmService service) {
        services.llm.remove(service);
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

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLibrary(ModelLibrary service, Map<String, ?> properties) {
        services.libraries.add(service, properties);
    }

    void unbindLibrary(ModelLibrary service, Map<String, ?> properties) {
        services.libraries.remove(service, properties);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHub(ModelHub service, Map<String, ?> properties) {
        services.hubs.add(service, properties);
    }

    void unbindHub(ModelHub service, Map<String, ?> properties) {
        services.hubs.remove(service, properties);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindConversations(Conversations service, Map<String, ?> properties) {
        services.conversations.add(service, properties);
    }

    void updatedConversations(Conversations service, Map<String, ?> properties) {
        services.conversations.update(service, properties);
    }

    void unbindConversations(Conversations service) {
        services.conversations.remove(service);
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
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindMetrics(MetricsReader service, Map<String, ?> properties) {
        services.metrics.add(service, properties);
    }

    void unbindMetrics(MetricsReader service) {
        services.metrics.remove(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTelemetry(Telemetry service) {
        requests.telemetry(service);
    }

    void unbindTelemetry(Telemetry service) {
        requests.without(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDeployments(Deployments service, Map<String, ?> properties) {
        services.deployments.add(service, properties);
    }

    void unbindDeployments(Deployments service) {
        services.deployments.remove(service);
    }
}
