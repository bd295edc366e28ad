package forge.ai.runtime.llm;

import static forge.ai.runtime.llm.TestService.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.ContextLengthException;
import forge.ai.api.NotFoundException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Route;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.llm.TestService.Source;
import forge.ai.runtime.testkit.Configs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** M1: names, strategies and conditions. */
@Timeout(30)
class RoutesTest {

    private final TestService service = new TestService(Map.of(), "a/m=10,1,10", "b/m=2,1,40", "c/m=5,1,5");
    private final Source a = service.source("a");
    private final Source b = service.source("b");
    private final Source c = service.source("c");

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void aRouteIsANameForItsTargets() {
        service.route("r", List.of("b/some/model"));
        Completion answer = service.llm.chat(ask("r"));
        assertThat(answer.model()).isEqualTo("some/model");
        assertThat(answer.attribution().orElseThrow().route()).isEqualTo("r");
        assertThat(service.llm.routes()).containsExactly(new Route("r", "priority", List.of("b/some/model")));
    }

    @Test
    void providerAndModelAddressOneDirectly() {
        assertThat(service.llm.chat(ask("c/org/model")).model()).isEqualTo("org/model");
        assertThat(a.calls.get() + b.calls.get()).isZero();
    }

    @Test
    void aRouteCountsMoreThanAProviderOfThatName() {
        service.route("a/m", List.of("b/m"));
        assertThat(service.chat("a/m")).isEqualTo("b");
    }

    @Test
    void anUnknownNameSaysWhichThereAre() {
        service.route("r", List.of("a/m"));
        assertThatThrownBy(() -> service.llm.chat(ask("q")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no route 'q'; there are: r");
        assertThatThrownBy(() -> service.llm.streamChat(ask("z/m")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no provider 'z'; there are: a, b, c");
    }

    @Test
    void priorityTakesTheFirstThatIsThere() {
        service.route("r", List.of("gone/m", "b/m", "a/m"));
        assertThat(service.chat("r")).isEqualTo("b");
        service.remove(b);
        service.later(Duration.ofSeconds(3));
        assertThat(service.chat("r")).isEqualTo("a");
    }

    @Test
    void weightsAreSharesOfTheCalls() {
        service.route("r", List.of("a/m;weight=7", "b/m;weight=3", "c/m;weight=0"), "strategy", "weighted");
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            shares.merge(service.chat("r"), 1, Integer::sum);
        }
        assertThat(shares.get("a")).isBetween(1_300, 1_500);
        assertThat(shares.get("b")).isBetween(500, 700);
        assertThat(shares).doesNotContainKey("c");
        // Weight 0 is there for when the others are not.
        a.chat = b.chat = request -> {
            throw new UnavailableException("down");
        };
        assertThat(service.chat("r")).isEqualTo("c");
    }

    @Test
    void leastLatencyTakesTheQuickestAndTriesASlowOneAgainLater() {
        service.route("r", List.of("a/m", "b/m"), "strategy", "least-latency");
        a.chat = request -> {
            service.later(Duration.ofSeconds(2));
            return Completion.of("m", "a", Usage.of(1, 1));
        };
        b.chat = request -> {
            service.later(Duration.ofMillis(200));
            return Completion.of("m", "b", Usage.of(1, 1));
        };
        service.chat("r");
        service.chat("r");
        assertThat(a.calls).hasValue(1);
        assertThat(b.calls).hasValue(1);
        for (int i = 0; i < 10; i++) {
            assertThat(service.chat("r")).isEqualTo("b");
        }
        service.later(Duration.ofMinutes(5));
        service.chat("b/m");
        assertThat(service.chat("r")).isEqualTo("a");
    }

    @Test
    void leastBusyTakesTheOneWithTheFewestCallsInHand() throws Exception {
        service.route("r", List.of("a/m", "b/m", "c/m"), "strategy", "least-busy");
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        a.chat = b.chat = request -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new UnavailableException("interrupted");
            }
            return Completion.of("m", "", Usage.of(1, 1));
        };
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> service.chat("a/m"));
        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> service.chat("b/m"));
        inside.await();
        assertThat(service.chat("r")).isEqualTo("c");
        assertThat(service.chat("r")).isEqualTo("c");
        release.countDown();
        first.get();
        second.get();
    }

    @Test
    void cheapestTakesTheOneWhereThisCallCostsLeast() {
        service.route("r", List.of("unpriced/m", "a/m", "b/m", "c/m"), "strategy", "cheapest");
        // c/m is cheapest for a short question with an answer of usual length, b/m for a long question.
        assertThat(service.chat("r")).isEqualTo("c");
        ChatRequest longer = ChatRequest.of("r", Message.user("x".repeat(200_000)));
        assertThat(TestService.by(service.llm.chat(longer).attribution())).isEqualTo("b");
        assertThat(a.calls).hasValue(0);
    }

    private static final Tool TOOL = new Tool("f", "", "{}", false);
    private static final Message PICTURE =
            new Message(Message.Role.USER, List.of(new Content.Image("image/png", "AAAA", "")));

    @Test
    void picturesGoWhereTheyAreTaken() {
        service.route("r", List.of("a/m;vision=false", "b/m"));
        assertThat(service.chat("r")).isEqualTo("a");
        assertThat(TestService.by(service.llm.chat(ChatRequest.of("r", PICTURE)).attribution()))
                .isEqualTo("b");
        Message inResult = Message.tool(new Content.ToolResult("1", PICTURE.content(), false));
        assertThat(TestService.by(
                        service.llm.chat(ChatRequest.of("r", inResult)).attribution()))
                .isEqualTo("b");
    }

    @Test
    void toolsGoWhereTheyAreTaken() {
        service.route("r", List.of("a/m;tools=false", "b/m"));
        assertThat(TestService.by(
                        service.llm.chat(ask("r").withTools(List.of(TOOL))).attribution()))
                .isEqualTo("b");
    }

    @Test
    void aLongRequestGoesWhereItFits() {
        service.route("r", List.of("a/m;context=1000", "b/m;context=100000"));
        assertThat(service.chat("r")).isEqualTo("a");
        ChatRequest request = ChatRequest.of("r", Message.user("word ".repeat(2_000)));
        assertThat(TestService.by(service.llm.chat(request).attribution())).isEqualTo("b");
    }

    @Test
    void whatNoTargetTakesIsRefusedWithTheReason() {
        service.route("r", List.of("a/m;vision=false;tools=false;context=1000"));
        assertThatThrownBy(() -> service.llm.chat(ChatRequest.of("r", PICTURE)))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("no target of route 'r' takes requests with pictures");
        assertThatThrownBy(() -> service.llm.streamChat(ask("r").withTools(List.of(TOOL))))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("tools");
        assertThatThrownBy(() -> service.llm.chat(ChatRequest.of("r", Message.user("word ".repeat(2_000)))))
                .isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("more than any target of route 'r' takes");
        assertThat(a.calls).hasValue(0);
    }

    @Test
    void aChangeIsTakenInPlaceAndAWrongOneIsRefused() {
        RouteConfiguration route = service.route("r", List.of("a/m"));
        route.modified(config("b/m"), Map.of());
        assertThat(service.chat("r")).isEqualTo("b");
        route.modified(config("nonsense"), Map.of());
        assertThat(service.chat("r")).isEqualTo("b");
        assertThatThrownBy(() -> service.route("s", List.of("a/m;size=1")))
                .hasMessageContaining("targets: 'a/m;size=1': allowed is provider/model[;weight=N]");
        assertThatThrownBy(() -> service.route("s", List.of("a/m"), "strategy", "best"))
                .hasMessageContaining(
                        "strategy = 'best': allowed is priority, weighted, least-latency, least-busy, cheapest");
        assertThatThrownBy(() -> service.route("s", List.of("a/m"), "fallbackOn", new String[] {"RAIN"}))
                .hasMessageContaining("fallbackOn: 'RAIN': allowed are [AUTHENTICATION");
    }

    private static RouteConfiguration.Config config(String target) {
        return Configs.of(RouteConfiguration.Config.class, Map.of("name", "r", "targets", new String[] {target}));
    }
}
