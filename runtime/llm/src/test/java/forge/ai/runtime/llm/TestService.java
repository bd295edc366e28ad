package forge.ai.runtime.llm;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.testkit.Configs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The service as it is put together, with providers of the test, configured by key and value, and a clock to set. */
final class TestService implements AutoCloseable {

    /** A provider that answers with its name, until told otherwise. */
    static class Source implements LlmProvider {
        final String name;
        final AtomicInteger calls = new AtomicInteger();
        volatile Function<ChatRequest, Completion> chat;
        volatile Function<ChatRequest, CompletionStream> stream;

        Source(String name) {
            this.name = name;
            this.chat = request -> Completion.of(request.model(), name, Usage.of(1, 1));
            this.stream = request -> CompletionStream.of(chat.apply(request));
        }

        @Override
        public List<LlmModel> models() {
            return List.of(LlmModel.of("m"));
        }

        @Override
        public Completion chat(ChatRequest request) {
            calls.incrementAndGet();
            return chat.apply(request);
        }

        @Override
        public CompletionStream streamChat(ChatRequest request) {
            calls.incrementAndGet();
            return stream.apply(request);
        }
    }

    private final AtomicLong ahead = new AtomicLong();
    private final Random random = new Random(1);
    final Prices prices;
    final Settings settings;
    final Providers providers = new Providers(this::nanos);
    final Routes routes = new Routes(this::nanos);
    final Routing routing;
    final Calls calls;
    final AnswerCache cache;
    final LlmService llm;
    private final Map<LlmProvider, Map<String, Object>> known = new HashMap<>();
    private long ids;

    TestService(Map<String, Object> configuration, String... prices) {
        Map<String, Object> values = new HashMap<>(Map.of("backoffMillis", 1L, "backoffMaxMillis", 2L));
        values.putAll(configuration);
        this.settings = Settings.of(Configs.of(RoutingLlmService.Config.class, values));
        this.prices = new Prices(Configs.of(Prices.Config.class, Map.of("prices", prices)));
        this.routing = new Routing(
                providers,
                routes,
                this.prices,
                new Accounting(this.prices, this::nanos),
                () -> settings,
                this::nanos,
                random::nextDouble);
        this.calls = new Calls(routing);
        this.cache = new AnswerCache(() -> settings, this::nanos);
        this.llm = new CallerLlmService(
                Caller.ANONYMOUS,
                routing,
                calls,
                new CachedCalls(cache, calls),
                new ModelCatalog(routing, calls.executor()));
    }

    long nanos() {
        return System.nanoTime() + ahead.get();
    }

    /** Sets the clock forward. */
    void later(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    Source source(String name) {
        return add(name, new Source(name));
    }

    <P extends LlmProvider> P add(String name, P provider) {
        Map<String, Object> properties = Map.of(LlmProvider.NAME, name, "service.id", ids++);
        known.put(provider, properties);
        providers.add(provider, properties);
        return provider;
    }

    boolean remove(LlmProvider provider) {
        return providers.remove(provider, known.remove(provider));
    }

    /** A route with these targets and what else is configured, each a key and its value. */
    RouteConfiguration route(String name, List<String> targets, Object... more) {
        Map<String, Object> values = new HashMap<>(Map.of("name", name, "targets", targets.toArray(String[]::new)));
        for (int i = 0; i < more.length; i += 2) {
            values.put((String) more[i], more[i + 1]);
        }
        RouteConfiguration route =
                new RouteConfiguration(Configs.of(RouteConfiguration.Config.class, values), Map.of());
        routes.put(route, Map.of("service.id", ids++));
        return route;
    }

    static ChatRequest ask(String model) {
        return ChatRequest.of(model, Message.user("hello"));
    }

    /** Who answers. */
    String chat(String model) {
        return by(llm.chat(ask(model)).attribution());
    }

    static String by(Optional<Attribution> attribution) {
        return attribution.map(Attribution::provider).orElse("nobody");
    }

    static CompletionEvent started() {
        return new CompletionEvent.Started("", "m");
    }

    static CompletionEvent text(String text) {
        return new CompletionEvent.TextDelta(text);
    }

    static CompletionEvent finished() {
        return new CompletionEvent.Finished(FinishReason.STOP, Optional.empty());
    }

    @Override
    public void close() {
        calls.close(Duration.ofSeconds(5));
    }
}
