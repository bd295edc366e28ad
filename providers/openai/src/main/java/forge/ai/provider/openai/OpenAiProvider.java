package forge.ai.provider.openai;

import forge.ai.api.NotFoundException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.openai.OpenAiClient;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * One upstream that speaks OpenAI's dialect. It registers itself: the name of the service comes from the configuration,
 * and the key must not become a property of the service.
 */
@Component(
        name = "forge.ai.provider.openai",
        configurationPid = "forge.ai.provider.openai",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = OpenAiProvider.Config.class, factory = true)
public final class OpenAiProvider implements LlmProvider {

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

        @AttributeDefinition(description = "the models; empty to ask the upstream")
        String[] models() default {};
    }

    private record Snapshot(Settings settings, OpenAiClient client) {}

    private final HttpUpstream upstream = new HttpUpstream();
    private final ServiceRegistration<LlmProvider> registration;
    private volatile Snapshot snapshot;

    @Activate
    public OpenAiProvider(BundleContext context, Config config) {
        snapshot = snapshot(Settings.of(config));
        registration = context.registerService(LlmProvider.class, this, properties());
    }

    private Snapshot snapshot(Settings settings) {
        return new Snapshot(settings, new OpenAiClient(upstream, settings.endpoint()));
    }

    private Dictionary<String, Object> properties() {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(NAME, snapshot.settings().name());
        return properties;
    }

    /** Takes new values in while calls in flight end on the old ones; values that are refused change nothing. */
    @Modified
    void modified(Config config) {
        Snapshot old = snapshot;
        Snapshot changed = snapshot(Settings.of(config));
        snapshot = changed;
        if (!changed.settings().name().equals(old.settings().name())) {
            registration.setProperties(properties());
        }
        upstream.dropIdle();
    }

    @Deactivate
    void close() {
        registration.unregister();
        upstream.close();
    }

    @Override
    public List<LlmModel> models() {
        Snapshot now = snapshot;
        return now.settings().models().isEmpty()
                ? now.client().models()
                : now.settings().models();
    }

    @Override
    public Completion chat(ChatRequest request) {
        return snapshot.client().chat(request);
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        return snapshot.client().streamChat(request);
    }

    @Override
    public Completion complete(CompletionRequest request) {
        return snapshot.client().complete(request);
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        return snapshot.client().streamCompletion(request);
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return snapshot.client().embed(request);
    }

    @Override
    public void probe() {
        Snapshot now = snapshot;
        try {
            now.client().models();
        } catch (NotFoundException e) {
            // A server without a list of models answers all the same; then the configured list is what there is.
            if (now.settings().models().isEmpty()) {
                throw e;
            }
        }
    }
}
