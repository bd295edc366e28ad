package forge.ai.runtime.conversations;

import forge.ai.api.UnavailableException;
import forge.ai.api.conversation.Conversations;
import forge.ai.api.conversation.Turn;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Conversations kept under the home folder, in {@code data/conversations}. */
@Component(service = Conversations.class, immediate = true, configurationPid = StoredConversations.PID)
@Designate(ocd = StoredConversations.Config.class)
public final class StoredConversations implements Conversations {

    static final String PID = "forge.ai.runtime.conversations";

    private static final Logger LOG = LoggerFactory.getLogger(StoredConversations.class);

    @ObjectClassDefinition(name = "Conversations", description = "Histories of conversations, kept on disk")
    public @interface Config {
        @AttributeDefinition(description = "the most turns kept; the oldest go first")
        int maxTurns() default 100_000;

        @AttributeDefinition(description = "the most bytes kept; the oldest go first")
        long maxBytes() default 268_435_456;

        @AttributeDefinition(description = "a larger turn is refused")
        int maxTurnBytes() default 4_194_304;

        @AttributeDefinition(description = "of a longer history only the end is looked at")
        int maxHistoryBytes() default 16_777_216;

        @AttributeDefinition(description = "older turns go")
        int maxAgeHours() default 720;

        @AttributeDefinition(
                description =
                        "tokens left free for an answer whose length the request does not limit; at most a quarter"
                                + " of the window")
        int answerTokens() default 4_096;

        @AttributeDefinition(
                description =
                        "MODEL=TOKENS: the size of the window of provider/model or a route, where providers do not say it"
                                + " or less is wanted")
        String[] windows() default {};
    }

    private final LeaseRouter<LlmService> services = new LeaseRouter<>();
    private final TurnStore store;
    private final Chats chats;
    private volatile Settings settings;

    @Activate
    public StoredConversations(BundleContext context, Config config) {
        this(
                Path.of(Optional.ofNullable(context.getProperty("forge.home")).orElse("home"))
                        .resolve("data")
                        .resolve("conversations"),
                config,
                Clock.systemUTC());
    }

    StoredConversations(Path folder, Config config, Clock clock) {
        settings = Settings.of(config);
        store = new TurnStore(folder.toAbsolutePath(), () -> settings, clock);
        chats = new Chats(store, () -> settings);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    void modified(Config config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("{}: {}; the settings stay as they were", PID, e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        store.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLlm(LlmService service, Map<String, ?> properties) {
        services.add(service, properties);
    }

    void updatedLlm(LlmService service, Map<String, ?> properties) {
        services.update(service, properties);
    }

    void unbindLlm(LlmService service) {
        services.remove(service);
    }

    private Lease<LlmService> llm() {
        return services.acquire()
                .orElseThrow(() -> new UnavailableException("the LLM service is not there now; try again"));
    }

    @Override
    public void append(Turn turn) {
        store.append(turn);
    }

    @Override
    public Optional<Turn> turn(String id) {
        return store.turn(id);
    }

    @Override
    public Optional<Turn> latest(String conversation) {
        return store.latest(conversation);
    }

    @Override
    public List<String> conversations() {
        return store.conversations();
    }

    @Override
    public List<Message> history(String turn) {
        return store.history(turn);
    }

    @Override
    public boolean delete(String turn) {
        return store.delete(turn);
    }

    @Override
    public boolean deleteConversation(String conversation) {
        return store.deleteConversation(conversation);
    }

    @Override
    public ChatRequest resume(String turn, ChatRequest request) {
        try (Lease<LlmService> llm = llm()) {
            return chats.resume(turn, request, llm.service());
        }
    }

    @Override
    public Completion chat(Caller caller, String conversation, ChatRequest request) {
        try (Lease<LlmService> llm = llm()) {
            return chats.whole(llm.service().as(caller), conversation, request);
        }
    }

    @Override
    public CompletionStream streamChat(Caller caller, String conversation, ChatRequest request) {
        Lease<LlmService> llm = llm();
        try {
            return chats.stream(llm.service().as(caller), conversation, request, llm);
        } catch (RuntimeException e) {
            llm.close();
            throw e;
        }
    }
}
