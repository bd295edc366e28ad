package forge.ai.runtime.server;

import forge.ai.api.conversation.Conversations;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.support.serving.Address;
import forge.ai.runtime.testkit.OsgiFramework;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The built bundle with Jetty and the LLM service in a framework, on a free port. */
final class RunningServer implements AutoCloseable {

    static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "org.apache.commons.commons-io",
            "org.apache.felix.http.servlet-api",
            "org.apache.commons.commons-fileupload",
            "org.apache.felix.http.jetty12",
            "forge.ai.runtime.ledger",
            "forge.ai.runtime.callers",
            "forge.ai.runtime.llm",
            "forge.ai.runtime.server");

    private static final List<String> OPENAI = List.of(
            "org.jetbrains.kotlin.osgi-bundle",
            "com.squareup.okio",
            "com.squareup.okhttp3",
            "forge.ai.provider.openai");

    private final OsgiFramework framework;
    private final URI address;
    final HttpClient http = HttpClient.newHttpClient();

    RunningServer(Path folder) throws Exception {
        this(folder, Map.of());
    }

    RunningServer(Path folder, Map<String, Object> configuration) throws Exception {
        this(folder, configuration, Map.of("forge.http", "127.0.0.1:0"));
    }

    /** Without an address from the command line. */
    static RunningServer configured(Path folder, Map<String, Object> configuration) throws Exception {
        return new RunningServer(folder, configuration, Map.of());
    }

    private RunningServer(Path folder, Map<String, Object> configuration, Map<String, String> properties)
            throws Exception {
        // A framework property that is not set is looked for among those of the JVM.
        System.setProperty("org.apache.felix.http.require.config", "true");
        System.clearProperty("forge.http");
        System.setProperty("forge.home", folder.resolve("home").toString());
        properties.forEach(System::setProperty);
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
        for (String bundle : BUNDLES) {
            if (bundle.equals("forge.ai.runtime.server")) {
                configure(configuration);
            }
            framework.start(bundle);
        }
        address = framework.await(URI.class, "(" + Address.PROTOCOL + "=http)", Duration.ofSeconds(20));
    }

    void configure(Map<String, Object> values) throws Exception {
        admin().getConfiguration(HttpServer.PID, "?").update(new Hashtable<>(values));
    }

    /** Configures an instance of a factory; empty values delete it. */
    void configure(String factory, String name, Map<String, Object> values) throws Exception {
        Configuration configuration = admin().getFactoryConfiguration(factory, name, "?");
        if (values.isEmpty()) {
            configuration.delete();
        } else {
            configuration.update(new Hashtable<>(values));
        }
    }

    /** Configures a component of other bundles. */
    void configureOther(String pid, Map<String, Object> values) throws Exception {
        admin().getConfiguration(pid, "?").update(new Hashtable<>(values));
    }

    private ConfigurationAdmin admin() {
        ServiceReference<ConfigurationAdmin> reference = context().getServiceReference(ConfigurationAdmin.class);
        return context().getService(reference);
    }

    BundleContext context() {
        return framework.context();
    }

    OsgiFramework framework() {
        return framework;
    }

    URI address() {
        return address;
    }

    ServiceRegistration<LlmProvider> provide(String name, LlmProvider provider) {
        return context().registerService(LlmProvider.class, provider, new Hashtable<>(Map.of(LlmProvider.NAME, name)));
    }

    /** Starts the store of conversations. */
    void keepConversations() throws Exception {
        framework.start("forge.ai.runtime.conversations");
        framework.await(Conversations.class, "(objectClass=*)", Duration.ofSeconds(20));
    }

    /** Starts the provider for OpenAI and compatible servers, with its upstream there. */
    void provideOpenAi(String name, URI upstream) throws Exception {
        provideOpenAi(name, upstream, "chat");
    }

    /** @param api which of the upstream's interfaces is called */
    void provideOpenAi(String name, URI upstream, String api) throws Exception {
        for (String bundle : OPENAI) {
            framework.start(bundle);
        }
        admin().getFactoryConfiguration("forge.ai.provider.openai", name, "?")
                .update(new Hashtable<>(Map.of("name", name, "baseUrl", upstream + "", "models", "m", "api", api)));
        framework.await(LlmProvider.class, "(" + LlmProvider.NAME + "=" + name + ")", Duration.ofSeconds(20));
    }

    /** Configures a route to these targets, the first that can first. */
    void route(String name, String... targets) throws Exception {
        route(Map.of("name", name, "targets", targets));
    }

    /** Configures a route. */
    void route(Map<String, Object> configuration) throws Exception {
        String name = (String) configuration.get("name");
        admin().getFactoryConfiguration("forge.ai.route", name, "?").update(new Hashtable<>(configuration));
        LlmService llm = framework.await(LlmService.class, "(objectClass=*)", Duration.ofSeconds(20));
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (llm.routes().stream().noneMatch(r -> r.name().equals(name))) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no route " + name + " within 10 s");
            }
            Thread.onSpinWait();
        }
    }

    <T> ServiceRegistration<T> register(Class<T> type, T service) {
        return context().registerService(type, service, new Hashtable<>());
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json) throws Exception {
        return http.send(request(path, json), HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest request(String path, String json) {
        return HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    /** Opens a connection on which the test speaks HTTP by itself. */
    Socket connect() throws IOException {
        return new Socket(address.getHost(), address.getPort());
    }

    @Override
    public void close() throws Exception {
        http.close();
        framework.close();
    }
}
