package forge.ai.runtime.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorCode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.ProtocolException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.Wire;
import forge.ai.api.llm.WireOnly;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.limit.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallsTest {

    /** Answers with its name, after the failures it was told to begin with. */
    private static class Scripted implements LlmProvider {
        final BlockingQueue<ForgeException> failures = new ArrayBlockingQueue<>(1000);
        final AtomicInteger calls = new AtomicInteger();
        final String name;

        Scripted(String name, ForgeException... failures) {
            this.name = name;
            this.failures.addAll(List.of(failures));
        }

        @Override
        public List<LlmModel> models() {
            return List.of(LlmModel.of("m"));
        }

        @Override
        public Completion chat(ChatRequest request) {
            calls.incrementAndGet();
            ForgeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            return Completion.of(request.model(), name, Usage.of(1, 1));
        }
    }

    /** A stream of the given events that then fails, hangs until closed, or ends. */
    private static final class Pieces implements CompletionStream {
        private final List<CompletionEvent> events;
        private final Supplier<Boolean> after;
        private final CountDownLatch closed;
        private int at;

        Pieces(CountDownLatch closed, Supplier<Boolean> after, CompletionEvent... events) {
            this.events = List.of(events);
            this.after = after;
            this.closed = closed;
        }

        @Override
        public boolean hasNext() {
            return at < events.size() || after.get();
        }

        @Override
        public CompletionEvent next() {
            return events.get(at++);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private final Settings settings = new Settings(
            3,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            new Backoff(Duration.ofMillis(5), Duration.ofMillis(20)),
            Duration.ofSeconds(5),
            0.2,
            new Settings.Ejection(5, Duration.ofSeconds(5), Duration.ofSeconds(60)),
            Duration.ofSeconds(1),
            Duration.ZERO,
            4,
            CachePolicy.OFF,
            1 << 20);
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
    private long ids;

    @AfterEach
    void close() {
        calls.close(Duration.ofSeconds(5));
    }

    private <P extends LlmProvider> P add(String name, P provider) {
        providers.add(provider, Map.of(LlmProvider.NAME, name, "service.id", ids++));
        return provider;
    }

    private RoutePlan route(String... targets) {
        return new RoutePlan(
                "r",
                Strategy.PRIORITY,
                List.of(targets).stream().map(Target::parse).toList(),
                3,
                Duration.ofSeconds(10),
                Optional.empty(),
                EnumSet.of(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT, ErrorCode.RATE_LIMITED, ErrorCode.PROTOCOL),
                CachePolicy.OFF,
                Limits.NONE);
    }

    private Completion chat(RoutePlan plan) {
        return chat(ChatRequest.of("x", Message.user("hello")), plan);
    }

    private Completion chat(ChatRequest request, RoutePlan plan) {
        return calls.whole(
                new Order(
                        Caller.ANONYMOUS,
                        Optional.of(UsageEntry.Operation.CHAT),
                        plan,
                        Demand.of(request),
                        Optional.empty(),
                        Span.NONE),
                (provider, model, limit, span) -> provider.chat(request.withModel(model)),
                AnswerShape.COMPLETION);
    }

    private CompletionStream stream(RoutePlan plan) {
        ChatRequest request = ChatRequest.of("x", Message.user("hello"));
        return calls.stream(
                new Order(
                        Caller.ANONYMOUS,
                        Optional.of(UsageEntry.Operation.CHAT),
                        plan,
                        Demand.of(request),
                        Optional.empty(),
                        Span.NONE),
                (provider, model, limit, span) -> provider.streamChat(request.withModel(model)));
    }

    private static ForgeException down() {
        return new UnavailableException("down");
    }

    @Test
    void noCallIsLostWhileTheOnlyProviderLeavesAndComesBack() throws Exception {
        Scripted provider = add("a", new Scripted("a"));
        AtomicBoolean stop = new AtomicBoolean();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                callers.add(executor.submit(() -> {
                    while (!stop.get()) {
                        chat(route("a/m"));
                    }
                }));
            }
            for (int i = 0; i < 2000; i++) {
                providers.remove(provider, Map.of(LlmProvider.NAME, "a"));
                int before = provider.calls.get();
                add("a", provider);
                while (provider.calls.get() == before && callers.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
            }
            stop.set(true);
            for (Future<?> caller : callers) {
                caller.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(provider.calls.get()).isGreaterThanOrEqualTo(2000);
    }

    @Test
    void theAnswerSaysWhoGaveItAndWhatItTook() {
        add("a", new Scripted("a", down()));
        add("b", new Scripted("b"));
        Completion answer = chat(route("a/m", "b/n"));
        assertThat(answer.text()).isEqualTo("b");
        Attribution by = answer.attribution().orElseThrow();
        assertThat(by.provider()).isEqualTo("b");
        assertThat(by.model()).isEqualTo("n");
        assertThat(by.route()).isEqualTo("r");
        assertThat(by.attempts()).isEqualTo(2);
    }

    @Test
    void aFailureThatMayPassIsRetriedAtTheSamePlace() {
        Scripted only = add("a", new Scripted("a", down(), down()));
        Completion answer = chat(RoutePlan.direct(Target.of("a", "m"), settings));
        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.attribution().orElseThrow().attempts()).isEqualTo(3);
        assertThat(only.calls).hasValue(3);
    }

    @Test
    void attemptsAreSharedByRetriesAndFallbacks() {
        Scripted a = add("a", new Scripted("a", down(), down(), down()));
        Scripted b = add("b", new Scripted("b", down(), down(), down()));
        assertThatThrownBy(() -> chat(route("a/m", "b/m"))).isInstanceOf(UnavailableException.class);
        assertThat(a.calls.get() + b.calls.get()).isEqualTo(3);
    }

    @Test
    void aWrongRequestIsNeitherRetriedNorSentElsewhere() {
        Scripted a = add("a", new Scripted("a", new InvalidRequestException("no such field")));
        Scripted b = add("b", new Scripted("b"));
        assertThatThrownBy(() -> chat(route("a/m", "b/m"))).isInstanceOf(InvalidRequestException.class);
        assertThat(a.calls).hasValue(1);
        assertThat(b.calls).hasValue(0);
    }

    @Test
    void aRetryWaitsAsLongAsItWasAskedTo() {
        add("a", new Scripted("a", limited(Duration.ofMillis(300))));
        long begun = System.nanoTime();
        Completion answer = chat(RoutePlan.direct(Target.of("a", "m"), settings));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(299));
        assertThat(answer.attribution().orElseThrow().lost()).isGreaterThan(Duration.ofMillis(299));
    }

    @Test
    void aWaitBeyondTheDeadlineIsLeftToTheCaller() {
        Scripted a = add("a", new Scripted("a", limited(Duration.ofMinutes(5))));
        assertThatThrownBy(() -> chat(RoutePlan.direct(Target.of("a", "m"), settings)))
                .isInstanceOfSatisfying(
                        RateLimitedException.class,
                        e -> assertThat(e.retryAfter()).contains(Duration.ofMinutes(5)));
        assertThat(a.calls).hasValue(1);
    }

    private static ForgeException limited(Duration wait) {
        return new RateLimitedException("slowly", ErrorDetails.NONE.withRetryAfter(wait));
    }

    @Test
    void retriesStayAShareOfTheTraffic() {
        Scripted a = add("a", new Scripted("a"));
        for (int i = 0; i < 900; i++) {
            a.failures.add(down());
        }
        for (int i = 0; i < 200; i++) {
            assertThatThrownBy(() -> chat(RoutePlan.direct(Target.of("a", "m"), settings)))
                    .isInstanceOf(UnavailableException.class);
        }
        // 200 calls, a fifth of that in retries, 10 to begin with, and one for each second that this took.
        assertThat(a.calls.get()).isBetween(200, 200 + 40 + 10 + 25);
    }

    @Test
    void anUnknownProviderIsNotFound() {
        add("a", new Scripted("a"));
        assertThatThrownBy(() -> chat(RoutePlan.direct(Target.of("z", "m"), settings)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("there are: a");
    }

    @Test
    void interruptingTheCallerEndsTheCallUpstream() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Long> interrupted = new CompletableFuture<>();
        add("a", new Scripted("a") {
            @Override
            public Completion chat(ChatRequest request) {
                inside.countDown();
                try {
                    Thread.sleep(Duration.ofMinutes(1));
                } catch (InterruptedException e) {
                    interrupted.complete(System.nanoTime());
                }
                throw new CancelledException("interrupted");
            }
        });
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                chat(route("a/m"));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        inside.await();
        long at = System.nanoTime();
        caller.interrupt();
        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
        assertThat(Duration.ofNanos(interrupted.get() - at)).isLessThan(Duration.ofMillis(100));
    }

    private static CompletionEvent text(String text) {
        return new CompletionEvent.TextDelta(text);
    }

    private static final CompletionEvent STARTED = new CompletionEvent.Started("", "m");
    private static final CompletionEvent FINISHED = new CompletionEvent.Finished(FinishReason.STOP, Optional.empty());

    private void streaming(String name, CountDownLatch closed, Supplier<Boolean> after, CompletionEvent... events) {
        add(name, new Scripted(name) {
            @Override
            public CompletionStream streamChat(ChatRequest request) {
                return new Pieces(closed, after, events);
            }
        });
    }

    @Test
    void aStreamFailsOverBeforeTheFirstContent() {
        streaming(
                "a",
                new CountDownLatch(1),
                () -> {
                    throw down();
                },
                STARTED);
        streaming("b", new CountDownLatch(1), () -> false, STARTED, text("hi"), FINISHED);
        CompletionStream stream = stream(route("a/m", "b/m"));
        Completion answer = Completion.of(stream);
        assertThat(answer.text()).isEqualTo("hi");
        assertThat(answer.attribution().orElseThrow().attempts()).isEqualTo(2);
    }

    private static CompletionEvent wire(String json) {
        return new CompletionEvent.OnTheWire(new Wire("d", json));
    }

    @Test
    void whatCameOnTheWireIsGivenFromTheAttemptThatAnswersAlone() {
        Supplier<Boolean> fails = () -> {
            throw down();
        };
        streaming("a", new CountDownLatch(1), fails, wire("a1"), STARTED, wire("a2"));
        streaming(
                "b", new CountDownLatch(1), () -> false, wire("1"), STARTED, wire("2"), text("x"), wire("3"), FINISHED);
        List<CompletionEvent> events = new ArrayList<>();
        stream(route("a/m", "b/m")).forEachRemaining(events::add);
        assertThat(events).containsExactly(wire("1"), STARTED, wire("2"), text("x"), wire("3"), FINISHED);
    }

    @Test
    void notEndlesslyMuchIsHeldBackBeforeTheFirstContent() {
        CompletionEvent[] pings = new CompletionEvent[200];
        Arrays.fill(pings, wire("ping"));
        CountDownLatch closed = new CountDownLatch(1);
        streaming("a", closed, () -> awaitQuietly(closed), pings);
        CompletionStream stream = stream(route("a/m"));
        for (int i = 0; i < pings.length; i++) {
            assertThat(stream.next()).isEqualTo(wire("ping"));
        }
        stream.close();
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Test
    void whatStandsOnTheWireAloneGoesOnlyWhereItIsPassedThrough() {
        Scripted other = add("a", new Scripted("a"));
        ChatRequest request = ChatRequest.builder("x")
                .wire(new Wire("d", "{}"))
                .wireOnly(new WireOnly("n", "one answer is all"))
                .build();
        assertThatThrownBy(() -> chat(request, route("a/m", "b/m")))
                .isInstanceOfSatisfying(UnsupportedException.class, e -> {
                    assertThat(e).hasMessage("n: one answer is all");
                    assertThat(e.details().parameter()).isEqualTo("n");
                });
        add("b", new Scripted("b") {
            @Override
            public boolean passesThrough(String dialect) {
                return dialect.equals("d");
            }
        });
        assertThat(chat(request, route("a/m", "b/m")).text()).isEqualTo("b");
        assertThatThrownBy(() -> chat(request.withMessages(List.of()), route("a/m", "b/m")))
                .isInstanceOf(UnsupportedException.class);
        assertThat(other.calls).hasValue(0);
        // An answer is there a moment before the thread that got it has let go of the provider.
        while (providers.statuses().stream().mapToInt(ProviderStatus::active).sum() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void afterTheFirstContentTheReaderGetsTheError() {
        streaming(
                "a",
                new CountDownLatch(1),
                () -> {
                    throw down();
                },
                STARTED,
                text("hi"));
        streaming("b", new CountDownLatch(1), () -> false, STARTED, text("no"), FINISHED);
        CompletionStream stream = stream(route("a/m", "b/m"));
        assertThat(stream.next()).isEqualTo(STARTED);
        assertThat(stream.next()).isEqualTo(text("hi"));
        assertThatThrownBy(stream::hasNext).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(stream::hasNext).isInstanceOf(UnavailableException.class);
    }

    @Test
    void aStreamThatJustStopsIsAnError() {
        streaming("a", new CountDownLatch(1), () -> false, STARTED, text("hi"));
        CompletionStream stream = stream(route("a/m"));
        assertThatThrownBy(() -> Completion.of(stream)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void closingAStreamClosesItUpstreamAndLetsGoOfTheProvider() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        streaming("a", closed, () -> awaitQuietly(closed), STARTED, text("hi"));
        CompletionStream stream = stream(route("a/m"));
        stream.next();
        assertThat(providers.statuses().getFirst().active()).isEqualTo(1);
        long at = System.nanoTime();
        stream.close();
        assertThat(closed.await(100, TimeUnit.MILLISECONDS)).isTrue();
        while (providers.statuses().getFirst().active() > 0) {
            Thread.onSpinWait();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(Duration.ofMillis(100));
    }
}
