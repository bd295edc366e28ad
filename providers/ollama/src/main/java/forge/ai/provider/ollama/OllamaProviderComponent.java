package forge.ai.provider.ollama;

import forge.ai.runtime.support.provider.NamedProvider;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Publishes the provider and its library under the configured name. */
@Component(
        name = "forge.ai.provider.ollama",
        configurationPid = "forge.ai.provider.ollama",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = OllamaProviderComponent.Config.class, factory = true)
public final class OllamaProviderComponent {

    /** Its configuration. */
    @ObjectClassDefinition(name = "Forge AI provider: Ollama")
    public @interface Config {
        @AttributeDefinition(description = "the name before the slash in provider/model")
        String name() default "ollama";

        @AttributeDefinition(description = "address of the server")
        String baseUrl() default "http://127.0.0.1:11434";

        @AttributeDefinition(
                description =
                        "how long a model stays loaded after a call, as seconds or a duration; empty for Ollama's own")
        String keepAlive() default "";

        @AttributeDefinition(description = "the key; none for a server that needs none", type = AttributeType.PASSWORD)
        String apiKey() default "";

        @AttributeDefinition(description = "the longest wait for a connection; 0 for no limit")
        long connectTimeoutMillis() default 5_000;

        @AttributeDefinition(description = "the longest wait for the first content of a stream; 0 for no limit")
        long firstTokenTimeoutMillis() default 300_000;

        @AttributeDefinition(description = "the longest wait for further content of a stream; 0 for no limit")
        long idleTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for a whole answer; 0 for no limit")
        long requestTimeoutMillis() default 600_000;
    }

    private final OllamaProvider provider;
    private final NamedProvider service;

    @Activate
    public OllamaProviderComponent(BundleContext context, Config config) {
        provider = new OllamaProvider(Settings.of(config));
        service = new NamedProvider(context, config.name(), provider);
    }

    /** Takes new values in while calls in flight end on the old ones; values that are refused change nothing. */
    @Modified
    void modified(Config config) {
        provider.use(Settings.of(config));
        service.rename(config.name());
    }

    /** Those who call the provider let go first; what is left then are calls past them. */
    @Deactivate
    void close() {
        service.close();
        provider.close();
    }
}
