package forge.ai.provider.anthropic;

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
import org.osgi.service.metatype.annotations.Option;

/** Publishes the provider under its configured name. */
@Component(
        name = "forge.ai.provider.anthropic",
        configurationPid = "forge.ai.provider.anthropic",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = AnthropicProviderComponent.Config.class, factory = true)
public final class AnthropicProviderComponent {

    /** Its configuration. */
    @ObjectClassDefinition(name = "Forge AI provider: Anthropic")
    public @interface Config {
        @AttributeDefinition(description = "the name before the slash in provider/model")
        String name() default "anthropic";

        @AttributeDefinition(description = "address of the interface, without version")
        String baseUrl() default "https://api.anthropic.com";

        @AttributeDefinition(description = "the key; none for servers that need none", type = AttributeType.PASSWORD)
        String apiKey() default "";

        @AttributeDefinition(
                description = "the version of the interface; auto for what a request needs and the upstream knows",
                options = {@Option("auto"), @Option("2023-06-01"), @Option("2026-10-21")})
        String apiVersion() default "auto";

        @AttributeDefinition(description = "names of trial features to ask for with every request")
        String[] betas() default {};

        @AttributeDefinition(description = "the most tokens of an answer where the request does not say")
        int maxTokens() default 8192;

        @AttributeDefinition(description = "the longest wait for a connection; 0 for no limit")
        long connectTimeoutMillis() default 5_000;

        @AttributeDefinition(description = "the longest wait for the first content of a stream; 0 for no limit")
        long firstTokenTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for further content of a stream; 0 for no limit")
        long idleTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for a whole answer; 0 for no limit")
        long requestTimeoutMillis() default 600_000;

        @AttributeDefinition(description = "the models; empty to ask the upstream")
        String[] models() default {};
    }

    private final AnthropicProvider provider;
    private final NamedProvider service;

    @Activate
    public AnthropicProviderComponent(BundleContext context, Config config) {
        provider = new AnthropicProvider(Settings.of(config));
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
