package forge.ai.itest.dialects;

import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The real thing twice: each vendor's provider in front of a scripted upstream, and each again in front of the server
 * itself, so that a model named {@code as-anthropic/openai/m} is asked in Anthropic's dialect at the server and in
 * OpenAI's at the upstream.
 */
final class Crossing implements AutoCloseable {

    /** OpenAI's Responses are one more, in front of the same provider. */
    static final List<String> DIALECTS = List.of("openai", "anthropic", "ollama", "responses");

    private static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "org.jetbrains.kotlin.osgi-bundle",
            "com.squareup.okio",
            "com.squareup.okhttp3",
            "org.apache.commons.commons-io",
            "org.apache.felix.http.servlet-api",
            "org.apache.commons.commons-fileupload",
            "org.apache.felix.http.jetty12",
            "forge.ai.runtime.llm",
            "forge.ai.provider.openai",
            "forge.ai.provider.anthropic",
            "forge.ai.provider.ollama",
            "forge.ai.runtime.server");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final OsgiFramework framework;
    private final URI address;
    private final LlmService llm;
    final ScriptedUpstream upstream = new ScriptedUpstream();

    Crossing(Path folder) throws Exception {
        // A framework property that is not set is looked for among those of the JVM.
        System.setProperty("org.apache.felix.http.require.config", "true");
        System.setProperty("forge.http", "127.0.0.1:0");
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
            framework.start(bundle);
        }
        address = framework.await(URI.class, "(forge.ai.server.protocol=http)", LIMIT);
        for (String dialect : DIALECTS) {
            provide(dialect, dialect, upstream.uri());
            provide(dialect, "as-" + dialect, address);
        }
        llm = framework.await(LlmService.class, "(objectClass=*)", LIMIT);
    }

    private void provide(String dialect, String name, URI base) throws Exception {
        boolean responses = dialect.equals("responses");
        String provider = responses ? "openai" : dialect;
        configure(
                "forge.ai.provider." + provider,
                name,
                Map.of(
                        "name",
                        name,
                        "baseUrl",
                        provider.equals("openai") ? base + "/v1" : base.toString(),
                        "apiKey",
                        "any",
                        "api",
                        responses ? "responses" : "chat"));
        framework.await(LlmProvider.class, "(" + LlmProvider.NAME + "=" + name + ")", LIMIT);
    }

    private void configure(String factory, String name, Map<String, Object> values) throws Exception {
        ServiceReference<ConfigurationAdmin> reference =
                framework.context().getServiceReference(ConfigurationAdmin.class);
        framework
                .context()
                .getService(reference)
                .getFactoryConfiguration(factory, name, "?")
                .update(new Hashtable<>(values));
    }

    /** A name for a model, known when this returns. */
    void route(String name, String target) throws Exception {
        configure("forge.ai.route", name, Map.of("targets", new String[] {target}));
        long end = System.nanoTime() + LIMIT.toNanos();
        while (llm.routes().isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no route " + name);
            }
            Thread.onSpinWait();
        }
    }

    /** Offers this one's models too, until all is closed. */
    void provide(String name, LlmProvider provider) {
        framework
                .context()
                .registerService(LlmProvider.class, provider, new Hashtable<>(Map.of(LlmProvider.NAME, name)));
    }

    LlmService llm() {
        return llm;
    }

    /** Of the server. */
    URI address() {
        return address;
    }

    /** From now on, answers every question with these bytes; lists of models are empty. */
    void answer(int status, String type, byte[] body) {
        upstream.script(exchange -> {
            if (exchange.method().equals("GET")) {
                exchange.answer(200, "application/json", "{\"data\":[],\"models\":[]}");
            } else {
                exchange.answer(status, type, body);
            }
        });
    }

    @Override
    public void close() throws Exception {
        try {
            framework.close();
        } finally {
            upstream.close();
        }
    }
}
