package forge.ai.runtime.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.PermissionException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.Configs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class CachedCallsTest {

    /** Numbers its answers. */
    private static final class Numbering implements LlmProvider {
        final AtomicInteger calls = new AtomicInteger();
        volatile Function<Integer, Completion> answer = n -> Completion.of("m", "answer " + n, Usage.of(5, 2));
        volatile Function<Integer, List<CompletionEvent>> pieces = n -> List.of(
                new CompletionEvent.Started("id" + n, "m"),
                new CompletionEvent.TextDelta("ans"),
                new CompletionEvent.TextDelta("wer " + n),
                new CompletionEvent.Finished(FinishReason.STOP, Optional.of(Usage.of(5, 2))));

        @Override
        public List<LlmModel> models() {
            return List.of(LlmModel.of("m"));
        }

        @Override
        public Completion chat(ChatRequest request) {
            return answer.apply(calls.incrementAndGet());
        }

        @Override
        public CompletionStream streamChat(ChatRequest request) {
            List<CompletionEvent> events = pieces.apply(calls.incrementAndGet());
            return new ReplayedStream(events.iterator(), new Attribution("", "", "", 1, Duration.ZERO));
        }

        @Override
        public Completion complete(CompletionRequest request) {
            return answer.apply(calls.incrementAndGet());
        }
    }

    private final AtomicLong clock = new AtomicLong(System.nanoTime());
    private final Settings settings = Settings.of(Configs.of(
            RoutingLlmService.Config.class, Map.of("cacheBytes", 65_536L, "attempts", 1, "backoffMillis", 1L)));
    private final Providers providers = new Providers(System::nanoTime);
    private final Routes routes = new Routes(System::nanoTime);
    private final Prices prices = new Prices(Configs.of(Prices.Config.class, Map.of()));
    private final Routing routing = new Routing(
            providers,
            routes,
            prices,
            new Accounting(prices, System::nanoTime),
            () -> settings,
            System::nanoTime,
            () -> 0.5);
    private final Calls calls = new Calls(routing);
    private final AnswerCache cache = new AnswerCache(() -> settings, clock::get);
    private final LlmService llm = new CallerLlmService(
            Caller.ANONYMOUS,
            routing,
            calls,
            new CachedCalls(cache, calls),
            new ModelCatalog(routing, calls.executor()));
    private final Numbering a = add("a", new Numbering());
    private final Numbering b = add("b", new Numbering());
    private long ids;

    @AfterEach
    void close() {
        calls.close(Duration.ofSeconds(5));
    }

    private <P extends LlmProvider> P add(String name, P provider) {
        providers.add(provider, Map.of(LlmProvider.NAME, name, "service.id", ids++));
        return provider;
    }

    private RouteConfiguration route(String name, String cache, String... targets) {
        Map<String, Object> values = Map.of("name", name, "cache", cache, "cacheSeconds", 60L, "targets", targets);
        RouteConfiguration route =
                new RouteConfiguration(Configs.of(RouteConfiguration.Config.class, values), Map.of());
        routes.put(route, Map.of("service.id", ids++));
        return route;
    }

    private static ChatRequest ask(String model) {
        return ChatRequest.of(model, Message.user("hello"));
    }

    @Test
    void anEqualRequestGetsTheAnswerThatWasGivenBefore() {
        route("r", "all", "a/m");
        Completion first = llm.chat(ask("r"));
        Completion second = llm.chat(ask("r").withTimeout(Duration.ofSeconds(7)));
        assertThat(a.calls).hasValue(1);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.usage()).isEqualTo(first.usage());
        assertThat(first.attribution().orElseThrow().cached()).isFalse();
        Attribution by = second.attribution().orElseThrow();
        assertThat(by.cached()).isTrue();
        assertThat(by.provider() + "/" + by.model() + " " + by.route()).isEqualTo("a/m r");
        assertThat(by.attempts()).isZero();
    }

    @Test
    void nothingIsKeptUnlessConfigured() {
        route("r", "off", "a/m");
        llm.chat(ask("r"));
        llm.chat(ask("r"));
        llm.chat(ask("a/m"));
        llm.chat(ask("a/m"));
        assertThat(a.calls).hasValue(4);
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void onlyWhoAsksForTheSameAnswerEachTimeGetsItWhereSoConfigured() {
        route("r", "repeatable", "a/m");
        List<UnaryOperator<GenerationOptions.Builder>> repeatable =
                List.of(o -> o.temperature(0), o -> o.seed(7), o -> o.topK(1));
        for (var option : repeatable) {
            ChatRequest request = ask("r").withOptions(
                            option.apply(GenerationOptions.builder()).build());
            assertThat(llm.chat(request).text()).isEqualTo(llm.chat(request).text());
        }
        assertThat(a.calls).hasValue(3);
        ChatRequest varied = ask("r").withOptions(
                        GenerationOptions.builder().temperature(0.7).build());
        assertThat(llm.chat(varied).text()).isNotEqualTo(llm.chat(varied).text());
        assertThat(llm.chat(ask("r")).text()).isNotEqualTo(llm.chat(ask("r")).text());
    }

    @Test
    void whateverShapesTheAnswerMakesAnotherRequest() {
        route("r", "all", "a/m");
        route("s", "all", "a/m");
        Tool tool = new Tool("f", "", "{}", false);
        List<ChatRequest> requests = new ArrayList<>(List.of(
                ask("r"),
                ask("s"),
                ask("r").withMessages(List.of(Message.user("hello "))),
                ask("r").withMessages(List.of(Message.system("hello"))),
                ask("r").withMessages(List.of(Message.user("hel"), Message.user("lo"))),
                ask("r").withMessages(List.of(
                        new Message(Message.Role.USER, List.of(new Content.Text("hel"), new Content.Text("lo"))))),
                ask("r").withTools(List.of(tool)),
                ask("r").withTools(List.of(new Tool("f", "", "{}", true))),
                ChatRequest.builder("r")
                        .messages(ask("r").messages())
                        .tools(List.of(tool))
                        .toolChoice(ToolChoice.NONE)
                        .build(),
                ChatRequest.builder("r")
                        .messages(ask("r").messages())
                        .format(ResponseFormat.JSON)
                        .build(),
                ChatRequest.builder("r")
                        .messages(ask("r").messages())
                        .format(new ResponseFormat.JsonSchema("n", "{}", true))
                        .build(),
                ChatRequest.builder("r")
                        .messages(ask("r").messages())
                        .extensions(Map.of("x", "1"))
                        .build(),
                ChatRequest.builder("r")
                        .messages(ask("r").messages())
                        .wire(new Wire(Wire.OPENAI_CHAT, "{}"))
                        .build()));
        List<UnaryOperator<GenerationOptions.Builder>> options = List.of(
                o -> o.maxTokens(5),
                o -> o.temperature(0.5),
                o -> o.topP(0.5),
                o -> o.topK(5),
                o -> o.minP(0.5),
                o -> o.repetitionPenalty(0.5),
                o -> o.frequencyPenalty(0.5),
                o -> o.presencePenalty(0.5),
                o -> o.seed(5),
                o -> o.logprobs(5),
                o -> o.reasoning(new Reasoning("low", OptionalInt.empty())),
                o -> o.parallelToolCalls(true),
                o -> o.user("me"),
                o -> o.stop(List.of("x")));
        options.forEach(option -> requests.add(
                ask("r").withOptions(option.apply(GenerationOptions.builder()).build())));
        requests.forEach(llm::chat);
        assertThat(a.calls).hasValue(requests.size());
        requests.forEach(llm::chat);
        assertThat(a.calls).hasValue(requests.size());
    }

    @ParameterizedTest
    @EnumSource(
            value = FinishReason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STOP", "STOP_SEQUENCE"})
    void anAnswerThatIsNotWholeIsNotKept(FinishReason finish) {
        route("r", "all", "a/m");
        a.answer = n -> new Completion(
                "",
                "m",
                List.of(new Content.Text("cut")),
                finish,
                "",
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
        llm.chat(ask("r"));
        llm.chat(ask("r"));
        assertThat(a.calls).hasValue(2);
        a.pieces = n -> List.of(
                new CompletionEvent.Started("", "m"),
                new CompletionEvent.TextDelta("cut"),
                new CompletionEvent.Finished(finish, Optional.empty()));
        Completion.of(llm.streamChat(ask("r")));
        Completion.of(llm.streamChat(ask("r")));
        assertThat(a.calls).hasValue(4);
    }

    @Test
    void aCallOfAToolIsNotKept() {
        route("r", "all", "a/m");
        a.answer = n -> new Completion(
                "",
                "m",
                List.of(new Content.ToolCall("1", "f", "{}")),
                FinishReason.STOP,
                "",
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
        llm.chat(ask("r"));
        llm.chat(ask("r"));
        assertThat(a.calls).hasValue(2);
    }

    @Test
    void anErrorIsNotKept() {
        route("r", "all", "a/m");
        a.answer = n -> {
            if (n == 1) {
                throw new UnavailableException("down");
            }
            return Completion.of("m", "well", Usage.of(1, 1));
        };
        assertThat(llm.chat(ask("r")).text()).isEqualTo("well");
        assertThat(a.calls).hasValue(2);
        // It took a second attempt, after which a retry's answer is not kept either.
        llm.chat(ask("r"));
        assertThat(a.calls).hasValue(3);
    }

    @Test
    void whatAFallbackSaidDoesNotOutliveTheOutage() {
        route("r", "all", "a/m", "b/m");
        AtomicBoolean down = new AtomicBoolean(true);
        a.answer = n -> {
            if (down.get()) {
                throw new UnavailableException("down");
            }
            return Completion.of("m", "from a", Usage.of(1, 1));
        };
        // Until a is left out and b is the first that is asked.
        for (int i = 0; i < 8; i++) {
            assertThat(llm.chat(ask("r")).attribution().orElseThrow().provider())
                    .isEqualTo("b");
        }
        assertThat(b.calls).hasValue(8);
        down.set(false);
        routes.hopeful("a");
        assertThat(llm.chat(ask("r")).text()).isEqualTo("from a");
    }

    private static List<CompletionEvent> events(CompletionStream stream) {
        List<CompletionEvent> events = new ArrayList<>();
        try (stream) {
            stream.forEachRemaining(events::add);
        }
        return events;
    }

    @Test
    void aStreamIsGivenAgainPieceByPiece() {
        route("r", "all", "a/m");
        List<CompletionEvent> first = events(llm.streamChat(ask("r")));
        CompletionStream again = llm.streamChat(ask("r"));
        assertThat(again.attribution().orElseThrow().cached()).isTrue();
        assertThat(events(again)).isEqualTo(first).hasSize(4);
        assertThat(a.calls).hasValue(1);
    }

    @Test
    void aWholeAnswerAndAStreamStandForEachOther() {
        route("r", "all", "a/m");
        Completion.of(llm.streamChat(ask("r")));
        Completion whole = llm.chat(ask("r"));
        assertThat(whole.text()).isEqualTo("answer 1");
        assertThat(whole.id()).isEqualTo("id1");
        ChatRequest other = ChatRequest.of("r", Message.user("else"));
        llm.chat(other);
        assertThat(Completion.of(llm.streamChat(other)).text()).isEqualTo("answer 2");
        assertThat(a.calls).hasValue(2);
    }

    @Test
    void whatCameOnTheWireIsGivenAgainOnTheWireAlone() {
        route("r", "all", "a/m");
        ChatRequest request = ChatRequest.builder("r")
                .messages(ask("r").messages())
                .wire(new Wire(Wire.OPENAI_CHAT, "{\"new_field\":1}"))
                .build();
        a.answer = n -> Completion.of("m", "answer " + n, Usage.of(1, 1))
                .withWire(new Wire(Wire.OPENAI_CHAT, "{\"n\":" + n + "}"));
        CompletionEvent wire = new CompletionEvent.OnTheWire(new Wire(Wire.OPENAI_CHAT, "{}"));
        Function<Integer, List<CompletionEvent>> plain = a.pieces;
        a.pieces = n -> {
            List<CompletionEvent> events = new ArrayList<>(plain.apply(n));
            events.add(2, wire);
            return events;
        };
        llm.chat(request);
        assertThat(llm.chat(request).wire()).contains(new Wire(Wire.OPENAI_CHAT, "{\"n\":1}"));
        Completion.of(llm.streamChat(request));
        assertThat(events(llm.streamChat(request))).contains(wire);
        assertThat(a.calls).hasValue(2);
    }

    @Test
    void aStreamThatWasClosedOrBrokenIsNotKept() {
        route("r", "all", "a/m");
        try (CompletionStream stream = llm.streamChat(ask("r"))) {
            stream.next();
        }
        a.pieces = n -> List.of(new CompletionEvent.Started("", "m"), new CompletionEvent.TextDelta("half"));
        CompletionStream broken = llm.streamChat(ask("r"));
        assertThatThrownBy(() -> Completion.of(broken)).hasMessageContaining("ended in the middle");
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void plainCompletionsAreKeptToo() {
        route("r", "all", "a/m");
        CompletionRequest request = CompletionRequest.of("r", "once upon");
        assertThat(llm.complete(request).text()).isEqualTo(llm.complete(request).text());
        assertThat(Completion.of(llm.streamCompletion(request)).text()).isEqualTo("answer 1");
        llm.complete(CompletionRequest.of("r", "once upon "));
        assertThat(a.calls).hasValue(2);
    }

    @Test
    void anAnswerIsGivenAgainForAsLongAsConfigured() {
        route("r", "all", "a/m");
        llm.chat(ask("r"));
        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        llm.chat(ask("r"));
        assertThat(a.calls).hasValue(1);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        llm.chat(ask("r"));
        assertThat(a.calls).hasValue(2);
        clock.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(cache.bytes()).isPositive();
        cache.forgetTheOld();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void theAnswersTakeNoMoreMemoryThanConfiguredAndTheLeastUsedGo() {
        route("r", "all", "a/m");
        a.answer = n -> Completion.of("m", "x".repeat(1_000), Usage.of(1, 1));
        llm.chat(ask("r"));
        for (int i = 0; i < 200; i++) {
            llm.chat(ChatRequest.of("r", Message.user("question " + i)));
            llm.chat(ask("r"));
            assertThat(cache.bytes()).isLessThanOrEqualTo(65_536);
        }
        assertThat(a.calls).hasValue(201);
        llm.chat(ChatRequest.of("r", Message.user("question 0")));
        assertThat(a.calls).hasValue(202);
        a.answer = n -> Completion.of("m", "x".repeat(10_000), Usage.of(1, 1));
        ChatRequest large = ChatRequest.of("r", Message.user("large"));
        llm.chat(large);
        llm.chat(large);
        assertThat(a.calls).hasValue(204);
    }

    @Test
    void aChangeOfTheProviderMakesItsAnswersOld() {
        route("r", "all", "a/m");
        llm.chat(ask("r"));
        Map<String, Object> changed = Map.of(LlmProvider.NAME, "a", "service.id", 0L, "baseUrl", "elsewhere");
        providers.update(a, Map.of(LlmProvider.NAME, "a", "service.id", 0L), changed);
        llm.chat(ask("r"));
        assertThat(a.calls).hasValue(2);
        Numbering next = add("a", new Numbering());
        llm.chat(ask("r"));
        assertThat(next.calls).hasValue(1);
        providers.remove(next, Map.of(LlmProvider.NAME, "a"));
        llm.chat(ask("r"));
        assertThat(a.calls).hasValue(3);
    }

    @Test
    void aChangeOfTheRouteMakesItsAnswersOld() {
        RouteConfiguration route = route("r", "all", "a/m");
        llm.chat(ask("r"));
        route.modified(
                Configs.of(
                        RouteConfiguration.Config.class,
                        Map.of("name", "r", "cache", "all", "targets", new String[] {"b/m"})),
                Map.of());
        assertThat(llm.chat(ask("r")).attribution().orElseThrow().provider()).isEqualTo("b");
    }

    @Test
    void whoMayNotUseARouteGetsNothingFromItsCache() {
        route("r", "all", "a/m");
        llm.chat(ask("r"));
        LlmService stranger = llm.as(new Caller("stranger", Set.of(Caller.USE), List.of("b/m")));
        assertThatThrownBy(() -> stranger.chat(ask("r"))).isInstanceOf(PermissionException.class);
    }

    @Test
    void equalRequestsAtTheSameTimeAreAskedOnce() throws Exception {
        route("r", "all", "a/m");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        a.answer = n -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new UnavailableException("interrupted");
            }
            return Completion.of("m", "answer " + n, Usage.of(1, 1));
        };
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(executor.submit(() -> llm.chat(ask("r")).text()));
            }
            inside.await();
            release.countDown();
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("answer 1");
            }
        }
        assertThat(a.calls).hasValue(1);
    }

    @Test
    void whoWaitedForAnAnswerThatFailedAsksForItself() throws Exception {
        route("r", "all", "a/m");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        a.answer = n -> {
            if (n > 1) {
                return Completion.of("m", "answer " + n, Usage.of(1, 1));
            }
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new UnavailableException("interrupted");
            }
            throw new PermissionException("no");
        };
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = executor.submit(() -> llm.chat(ask("r")).text());
            inside.await();
            Future<String> second = executor.submit(() -> llm.chat(ask("r")).text());
            release.countDown();
            assertThat(second.get()).isEqualTo("answer 2");
            assertThatThrownBy(first::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(PermissionException.class);
        }
    }

    @Test
    void wrongSettingsNameTheKeyAndWhatIsAllowed() {
        assertThatThrownBy(() -> route("r", "sometimes", "a/m"))
                .hasMessageContaining("cache = 'sometimes': allowed is off, repeatable, all");
        assertThatThrownBy(() -> CachePolicy.of("all", 0)).hasMessageContaining("cacheSeconds = 0: allowed is 1 to");
    }
}
