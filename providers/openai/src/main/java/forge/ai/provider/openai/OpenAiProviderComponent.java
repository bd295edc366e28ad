package forge.ai.provider.openai;

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
        name = "forge.ai.provider.openai",
        configurationPid = "forge.ai.provider.openai",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = OpenAiProviderComponent.Config.class, factory = true)
public final class OpenAiProviderComponent {

    /** Its configuration. */
    @ObjectClassDefinition(name = "Forge AI provider: OpenAI and compatible")
    public @interface Config {
        @AttributeDefinition(description = "the name before the slash in provider/model")
        String name() default "openai";

        @AttributeDefinition(description = "address of the interface, version included")
        String baseUrl() default "https://api.openai.com/v1";

        @AttributeDefinition(description = "the key; none for servers that need none", type = AttributeType.PASSWORD)
        String apiKey() default "";

        @AttributeDefinition(description = "the organization to book on")
        String organization() default "";

        @AttributeDefinition(description = "the project to book on")
        String project() default "";

        @AttributeDefinition(description = "the longest wait for a connection; 0 for no limit")
        long connectTimeoutMillis() default 5_000;

        @AttributeDefinition(description = "the longest wait for the first content of a stream; 0 for no limit")
        long firstTokenTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for further content of a stream; 0 for no limit")
        long idleTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the longest wait for a whole answer; 0 for no limit")
        long requestTimeoutMillis() default 600_000;

        @AttributeDefinition(description = "which of the interfaces chats go to: chat or responses")
        String api() default "chat";

        @AttributeDefinition(
                description = "with responses: how thoughts are summed up: auto, concise, detailed; or empty")
        String reasoningSummary() default "";

        @AttributeDefinition(description = "the field in which earlier thoughts are sent back; empty to leave them out")
        String reasoningField() default "";

        @AttributeDefinition(description = "the most texts in one request for embeddings; calls with more are split")
        int embeddingInputs() default 2_048;

        @AttributeDefinition(description = "the most tokens in one request for embeddings, all texts together")
        long embeddingTokens() default 300_000;

        @AttributeDefinition(description = "the models; empty to ask the upstream")
        String[] models() default {};
    }

    private final OpenAiProvider provider;
    private final NamedProvider service;

    @Activate
    public OpenAiProviderComponent(BundleContext context, Config config) {
        provider = new OpenAiProvider(Settings.of(config));
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
