package forge.ai.provider.huggingface;

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
        name = "forge.ai.provider.huggingface",
        configurationPid = "forge.ai.provider.huggingface",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = HuggingFaceProviderComponent.Config.class, factory = true)
public final class HuggingFaceProviderComponent {

    /** Its configuration. */
    @ObjectClassDefinition(name = "Forge AI provider: Hugging Face")
    public @interface Config {
        @AttributeDefinition(description = "the name before the slash in provider/model")
        String name() default "huggingface";

        @AttributeDefinition(description = "address of the router")
        String baseUrl() default "https://router.huggingface.co";

        @AttributeDefinition(description = "the access token", type = AttributeType.PASSWORD)
        String token() default "";

        @AttributeDefinition(description = "model=url of dedicated endpoints")
        String[] endpoints() default {};

        @AttributeDefinition(description = "the longest wait for a connection; 0 for no limit")
        long connectTimeoutMillis() default 5_000;

        @AttributeDefinition(description = "the longest wait for the first content of a stream; 0 for no limit")
        long firstTokenTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for further content of a stream; 0 for no limit")
        long idleTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for a whole answer; 0 for no limit")
        long requestTimeoutMillis() default 600_000;

        @AttributeDefinition(description = "the most texts in one request for embeddings; calls with more are split")
        int embeddingInputs() default 32;

        @AttributeDefinition(description = "the models of the router to show; empty to ask it")
        String[] models() default {};

        @AttributeDefinition(description = "the most tokens in one request for embeddings, all texts together")
        long embeddingTokens() default 16_384;
    }

    private final HuggingFaceProvider provider;
    private final NamedProvider service;

    @Activate
    public HuggingFaceProviderComponent(BundleContext context, Config config) {
        provider = new HuggingFaceProvider(Settings.of(config));
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
