package forge.ai.provider.azure;

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

/** Publishes the provider under its configured name. */
@Component(
        name = "forge.ai.provider.azure",
        configurationPid = "forge.ai.provider.azure",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = AzureProviderComponent.Config.class, factory = true)
public final class AzureProviderComponent {

    /** Its configuration. */
    @ObjectClassDefinition(name = "Forge AI provider: Azure OpenAI")
    public @interface Config {
        @AttributeDefinition(description = "the name before the slash in provider/model")
        String name() default "azure";

        @AttributeDefinition(description = "addresses of the resources, the preferred one first")
        String[] endpoints() default {};

        @AttributeDefinition(description = "one or two keys", type = AttributeType.PASSWORD)
        String[] apiKeys() default {};

        @AttributeDefinition(description = "the tenant in Entra, in place of keys")
        String entra_tenant() default "";

        @AttributeDefinition(description = "the application in Entra")
        String entra_clientId() default "";

        @AttributeDefinition(description = "the secret of the application", type = AttributeType.PASSWORD)
        String entra_clientSecret() default "";

        @AttributeDefinition(description = "where tokens are asked for; empty for the tenant's own address")
        String entra_tokenUrl() default "";

        @AttributeDefinition(description = "what tokens are asked for")
        String entra_scope() default "https://cognitiveservices.azure.com/.default";

        @AttributeDefinition(description = "v1; responses: the same with Responses for chats; or deployments")
        String api() default "v1";

        @AttributeDefinition(
                description = "with responses: how thoughts are summed up: auto, concise, detailed; or empty")
        String reasoningSummary() default "";

        @AttributeDefinition(description = "version of the interface; empty for the usual one")
        String apiVersion() default "";

        @AttributeDefinition(description = "model=deployment; others are taken as the names of deployments")
        String[] deployments() default {};

        @AttributeDefinition(description = "the longest wait for a connection; 0 for no limit")
        long connectTimeoutMillis() default 5_000;

        @AttributeDefinition(description = "the longest wait for the first content of a stream; 0 for no limit")
        long firstTokenTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for further content of a stream; 0 for no limit")
        long idleTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for a whole answer; 0 for no limit")
        long requestTimeoutMillis() default 600_000;

        @AttributeDefinition(description = "the most texts in one request for embeddings; calls with more are split")
        int embeddingInputs() default 2_048;

        @AttributeDefinition(description = "the most tokens in one request for embeddings, all texts together")
        long embeddingTokens() default 300_000;
    }

    private final AzureProvider provider;
    private final NamedProvider service;

    @Activate
    public AzureProviderComponent(BundleContext context, Config config) {
        provider = new AzureProvider(Settings.of(config));
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
