package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.ScriptedUpstream.Script;
import forge.ai.runtime.testkit.llm.OpenAiAnswers;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several regions, of which one is unwell. */
@Timeout(60)
class RegionsTest {

    private static final String JSON = "application/json";
    private static final ChatRequest REQUEST = ChatRequest.of(OpenAiServer.MODEL, Message.user("abc"));
    private static final OpenAiAnswers ANSWERS = new OpenAiAnswers();

    private final OpenAiServer server = new OpenAiServer();
    private final ScriptedUpstream first = new ScriptedUpstream();
    private final ScriptedUpstream second = new ScriptedUpstream();
    private AzureProvider provider = new AzureProvider(AzureConfigs.at(Map.of(), first.uri(), second.uri()));

    RegionsTest() {
        first.script(server::answer);
        second.script(server::answer);
    }

    @AfterEach
    void close() {
        provider.close();
        first.close();
        second.close();
    }

    private void configure(Map<String, ?> values) {
        provider.close();
        provider = new AzureProvider(AzureConfigs.at(values, first.uri(), second.uri()));
    }

    private int firsts() {
        return first.requests().size();
    }

    private int seconds() {
        return second.requests().size();
    }

    private static ForgeException failure(Runnable call) {
        return catchThrowableOfType(ForgeException.class, call::run);
    }

    @Test
    void theFirstRegionIsPreferredWhileItIsWell() {
        for (int call = 0; call < 5; call++) {
            assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
            assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo("cba");
        }
        assertThat(firsts()).isEqualTo(10);
        assertThat(seconds()).isZero();
    }

    @Test
    void whatMayPassMovesOnToTheNextRegionAndTheCallSucceeds() {
        List<Script> faults = List.of(
                ScriptedExchange::reset,
                x -> x.answer(500, JSON, ANSWERS.error("broken", "x")),
                x -> x.answer(503, JSON, ANSWERS.error("down", "x")),
                x -> x.answer(408, JSON, ANSWERS.error("slow", "x")),
                x -> x.answer(429, JSON, ANSWERS.error("busy", "x")),
                x -> x.answer(200, "text/html", "<html>"),
                x -> x.answer(200, JSON, "{"));
        for (Script fault : faults) {
            configure(Map.of());
            first.script(fault);
            int before = firsts();
            assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
            assertThat(firsts()).isEqualTo(before + 1);
            configure(Map.of());
            assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo("cba");
            assertThat(firsts()).isEqualTo(before + 2);
            configure(Map.of());
            assertThat(provider.embed(EmbeddingRequest.of(OpenAiServer.MODEL, "abc"))
                            .vectors())
                    .hasSize(1);
            assertThat(firsts()).isEqualTo(before + 3);
        }
    }

    @Test
    void aStreamMovesOnUntilItHasContentAndNothingIsSeenOfIt() {
        first.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk("data: {\"choices\":[],\"model\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n");
            x.chunk(
                    "data: {\"id\":\"of-the-first\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n");
            x.reset();
        });
        List<CompletionEvent> events = new ArrayList<>();
        try (CompletionStream stream = provider.streamChat(REQUEST)) {
            stream.forEachRemaining(events::add);
        }
        assertThat(events.getFirst()).isEqualTo(new CompletionEvent.Started("1", OpenAiServer.MODEL));
        assertThat(events).filteredOn(CompletionEvent.Started.class::isInstance).hasSize(1);
        assertThat(firsts()).isEqualTo(1);
    }

    @Test
    void afterTheFirstContentAFailureIsTheCallers() {
        first.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk(ANSWERS.piece("hi"));
            x.reset();
        });
        assertThat(failure(() -> Completion.of(provider.streamChat(REQUEST))).code())
                .isEqualTo(ErrorCode.PROTOCOL);
        assertThat(seconds()).isZero();
        assertThat(provider.chat(REQUEST).text()).as("but the region rests").isEqualTo("cba");
        assertThat(seconds()).isEqualTo(1);
    }

    @Test
    void whatWouldFailEverywhereDoesNotMoveOn() {
        for (int status : new int[] {400, 403, 404, 413, 422}) {
            first.script(x -> x.answer(status, JSON, ANSWERS.error("no", "x")));
            assertThat(failure(() -> provider.chat(REQUEST)).details().status()).isEqualTo(status);
            assertThat(failure(() -> Completion.of(provider.streamChat(REQUEST)))
                            .details()
                            .status())
                    .isEqualTo(status);
        }
        assertThat(seconds()).isZero();
        assertThatThrownBy(() -> provider.chat(REQUEST.withModel("..")))
                .isInstanceOf(forge.ai.api.NotFoundException.class);
    }

    @Test
    void aRegionThatFailedRestsUntilATrialSucceeds() {
        first.script(x -> x.answer(503, JSON, ANSWERS.error("down", "x")));
        provider.chat(REQUEST);
        assertThat(firsts()).isEqualTo(1);
        provider.chat(REQUEST);
        Completion.of(provider.streamChat(REQUEST));
        assertThat(firsts()).as("it rests").isEqualTo(1);

        // One call tries, and is answered all the same.
        await(() -> {
            assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
            return firsts() == 2;
        });
        first.script(server::answer);
        await(() -> {
            assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
            return firsts() == 3;
        });
        int before = seconds();
        for (int call = 0; call < 5; call++) {
            provider.chat(REQUEST);
        }
        assertThat(seconds()).as("the first is the preferred one again").isEqualTo(before);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aRateLimitRestsTheDeploymentAlone() {
        AtomicInteger others = new AtomicInteger();
        first.script(x -> {
            if (x.body().contains("\"other\"")) {
                others.incrementAndGet();
                x.answer(200, JSON, ANSWERS.whole("other"));
            } else {
                x.answer(429, JSON, ANSWERS.error("busy", "x"), "Retry-After: 30");
            }
        });
        for (int call = 0; call < 5; call++) {
            assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
        }
        assertThat(firsts()).as("asked once, then not before the time it named").isEqualTo(1);
        assertThat(provider.chat(REQUEST.withModel("other")).text()).isEqualTo("other");
        assertThat(others).hasValue(1);
    }

    @Test
    void whereAllRegionsAreUnwellEachIsTriedOnceAndTheLastFailureIsTold() {
        first.script(x -> x.answer(500, JSON, ANSWERS.error("first down", "x")));
        second.script(x -> x.answer(503, JSON, ANSWERS.error("second down", "x")));
        assertThatThrownBy(() -> provider.chat(REQUEST))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("azure: second down");
        assertThat(firsts() + seconds()).isEqualTo(2);
        second.script(server::answer);
        assertThat(provider.chat(REQUEST).text())
                .as("those that rest are the last resort")
                .isEqualTo("cba");
    }

    @Test
    void whereAllAreRateLimitedTheCallerIsToldWhenToComeBack() {
        first.script(x -> x.answer(429, JSON, ANSWERS.error("busy", "x"), "Retry-After: 30"));
        second.script(x -> x.answer(429, JSON, ANSWERS.error("busy", "x"), "Retry-After: 20"));
        for (int call = 0; call < 3; call++) {
            RateLimitedException e = catchThrowableOfType(RateLimitedException.class, () -> provider.chat(REQUEST));
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(20));
        }
        assertThat(firsts()).as("no outage is multiplied").isEqualTo(1);
        assertThat(seconds()).isEqualTo(3);
    }

    @Test
    void oneDeadlineHoldsForAllRegions() {
        configure(Map.of("requestTimeoutMillis", 400L, "firstTokenTimeoutMillis", 400L));
        Script slowly = x -> {
            x.awaitDisconnect(Duration.ofMillis(250));
            x.answer(503, JSON, ANSWERS.error("down", "x"));
        };
        first.script(slowly);
        second.script(x -> x.awaitDisconnect(Duration.ofSeconds(20)));
        List<Runnable> calls = List.of(() -> provider.chat(REQUEST), () -> Completion.of(provider.streamChat(REQUEST)));
        for (Runnable call : calls) {
            configure(Map.of("requestTimeoutMillis", 400L, "firstTokenTimeoutMillis", 400L));
            long begin = System.nanoTime();
            assertThatThrownBy(call::run).isInstanceOf(TimedOutException.class);
            long took = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            assertThat(took).isBetween(390L, 20_000L);
        }
        assertThat(second.requests()).hasSize(2);
    }

    @Test
    void aHastyCallersLimitTellsNothingOfARegion() {
        first.script(x -> x.awaitDisconnect(Duration.ofSeconds(20)));
        ChatRequest hasty = REQUEST.withOptions(
                REQUEST.options().toBuilder().timeout(Duration.ofMillis(50)).build());
        assertThatThrownBy(() -> provider.chat(hasty)).isInstanceOf(TimedOutException.class);
        first.script(server::answer);
        provider.chat(REQUEST);
        assertThat(firsts()).isEqualTo(2);
        assertThat(seconds()).isZero();
    }

    @Test
    void whatIsKnownOfARegionOutlivesANewConfiguration() {
        first.script(x -> x.answer(429, JSON, ANSWERS.error("busy", "x"), "Retry-After: 30"));
        provider.chat(REQUEST);
        provider.use(AzureConfigs.at(Map.of("apiKeys", new String[] {"new"}), first.uri(), second.uri()));
        provider.chat(REQUEST);
        assertThat(firsts()).isEqualTo(1);
        assertThat(second.requests().getLast().header("api-key")).isEqualTo("new");
    }

    @Test
    void badRequestsAreNotMadeAgain() {
        first.script(x -> x.answer(400, JSON, ANSWERS.error("bad", "x")));
        assertThatThrownBy(() -> provider.chat(REQUEST)).isInstanceOf(InvalidRequestException.class);
        assertThat(firsts() + seconds()).isEqualTo(1);
    }
}
