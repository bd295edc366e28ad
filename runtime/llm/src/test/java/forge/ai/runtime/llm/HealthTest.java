package forge.ai.runtime.llm;

import static forge.ai.runtime.llm.TestService.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.llm.TestService.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** M5: health from real traffic and from probes, and providers that leave. */
@Timeout(60)
class HealthTest {

    private final TestService service =
            new TestService(Map.of("ejectAfter", 3, "ejectMillis", 5_000L, "ejectMaxMillis", 15_000L));
    private final Source a = service.source("a");
    private final Source b = service.source("b");

    @AfterEach
    void close() {
        service.close();
    }

    private static Function<ChatRequest, Completion> down() {
        return request -> {
            throw new UnavailableException("down");
        };
    }

    private static Function<ChatRequest, Completion> well(String text) {
        return request -> Completion.of("m", text, Usage.of(1, 1));
    }

    private void ejectA() {
        a.chat = down();
        while (a.calls.get() < 3) {
            service.chat("r");
        }
    }

    @Test
    void aTargetThatFailsOftenIsLeftOut() {
        service.route("r", List.of("a/m", "b/m"));
        ejectA();
        for (int i = 0; i < 10; i++) {
            assertThat(service.llm.chat(ask("r")).attribution().orElseThrow().attempts())
                    .isEqualTo(1);
        }
        assertThat(a.calls).hasValue(3);
    }

    @Test
    void halfOfTheLastTwentyAreTooMany() {
        service.route("r", List.of("a/m", "b/m"));
        a.chat = request -> {
            if (a.calls.get() % 2 == 0) {
                throw new UnavailableException("down");
            }
            return well("a").apply(request);
        };
        for (int i = 0; i < 40; i++) {
            service.chat("r");
        }
        assertThat(a.calls).hasValue(20);
    }

    @Test
    void afterThatTimeOneCallAtATimeTriesIt() throws Exception {
        service.route("r", List.of("a/m", "b/m"));
        ejectA();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        a.chat = request -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new UnavailableException("interrupted");
            }
            return well("a").apply(request);
        };
        service.later(Duration.ofSeconds(6));
        CompletableFuture<String> trial = CompletableFuture.supplyAsync(() -> service.chat("r"));
        inside.await();
        for (int i = 0; i < 10; i++) {
            assertThat(service.chat("r")).isEqualTo("b");
        }
        assertThat(a.calls).hasValue(4);
        release.countDown();
        assertThat(trial.get()).isEqualTo("a");
        assertThat(service.chat("r")).isEqualTo("a");
    }

    @Test
    void eachTrialThatFailsDoublesTheTimeUpToTheLongest() {
        service.route("r", List.of("a/m", "b/m"));
        ejectA();
        for (int seconds : new int[] {5, 10, 15, 15}) {
            int before = a.calls.get();
            service.later(Duration.ofSeconds(seconds).minusMillis(1_500));
            assertThat(service.chat("r")).isEqualTo("b");
            assertThat(a.calls).hasValue(before);
            service.later(Duration.ofMillis(1_600));
            assertThat(service.chat("r")).isEqualTo("b");
            assertThat(a.calls).hasValue(before + 1);
        }
    }

    @Test
    void aProbeThatSucceedsLetsTheNextCallTryIt() {
        service.route("r", List.of("a/m", "b/m"));
        ejectA();
        assertThat(status("a").healthy()).isFalse();
        assertThat(status("a").reason()).contains("UNAVAILABLE: down");
        a.chat = well("a");
        try (Watch watch = new Watch(service.routing, service.calls, service.cache)) {
            watch.probe("a");
            await(() -> status("a").healthy());
        }
        await(() -> service.chat("r").equals("a"));
    }

    @Test
    void aProviderThatComesAnewIsTriedAtOnce() {
        service.route("r", List.of("a/m", "b/m"));
        ejectA();
        Source next = service.source("a");
        service.routes.hopeful("a");
        assertThat(service.chat("r")).isEqualTo("a");
        assertThat(next.calls).hasValue(1);
    }

    private ProviderStatus status(String name) {
        return service.llm.providers().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFaultsOfRequestsAreNotThoseOfTheTarget() {
        service.route("r", List.of("a/m", "b/m"));
        a.chat = request -> {
            throw new InvalidRequestException("no such field");
        };
        for (int i = 0; i < 30; i++) {
            assertThatThrownBy(() -> service.chat("r")).isInstanceOf(InvalidRequestException.class);
        }
        a.chat = well("a");
        assertThat(service.chat("r")).isEqualTo("a");
        assertThat(status("a").healthy()).isTrue();
    }

    @Test
    void aCallerInAHurrySaysNothingOfTheTarget() {
        service.route("r", List.of("a/m"), "attempts", 1);
        a.chat = request -> {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnavailableException("interrupted");
        };
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> service.llm.chat(ask("r").withTimeout(Duration.ofMillis(10))))
                    .isInstanceOf(TimedOutException.class);
        }
        assertThat(status("a").healthy()).isTrue();
    }

    @Test
    void whenAllAreLeftOutTheFirstIsAskedAllTheSame() {
        service.route("r", List.of("a/m", "b/m"));
        a.chat = b.chat = down();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> service.chat("r")).isInstanceOf(UnavailableException.class);
        }
        a.chat = well("a");
        assertThat(service.chat("r")).isEqualTo("a");
    }

    @Test
    void aProviderThatLeavesIsOutOfEveryRouteAtOnceAndItsCallsFinish() throws Exception {
        service.route("r", List.of("a/m", "b/m"));
        service.route("s", List.of("a/n", "b/m"));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        a.chat = request -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new UnavailableException("interrupted");
            }
            return well("a").apply(request);
        };
        CompletableFuture<Completion> inFlight = CompletableFuture.supplyAsync(() -> service.llm.chat(ask("r")));
        inside.await();
        CompletableFuture<Boolean> left = CompletableFuture.supplyAsync(() -> service.remove(a));
        await(() -> service.llm.providers().size() == 1);
        assertThat(service.chat("r")).isEqualTo("b");
        assertThat(service.chat("s")).isEqualTo("b");
        assertThat(a.calls).hasValue(1);
        assertThat(left).isNotDone();
        release.countDown();
        assertThat(inFlight.get().text()).isEqualTo("a");
        assertThat(left.get()).isTrue();
        service.later(Duration.ofSeconds(3));
        assertThatThrownBy(() -> service.llm.chat(ask("a/m").withTimeout(Duration.ofSeconds(5))))
                .isInstanceOf(NotFoundException.class);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
