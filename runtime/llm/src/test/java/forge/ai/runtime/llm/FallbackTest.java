package forge.ai.runtime.llm;

import static forge.ai.runtime.llm.TestService.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.ErrorCode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.llm.TestService.Source;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** M2 and M3: fallbacks by class of failure, one number of attempts and one deadline, retries of what may succeed. */
@Timeout(60)
class FallbackTest {

    private final TestService service = new TestService(Map.of());
    private final Source a = service.source("a");
    private final Source b = service.source("b");
    private final Source c = service.source("c");

    @AfterEach
    void close() {
        service.close();
    }

    private static Function<ChatRequest, Completion> failing(ErrorCode code, int status) {
        return request -> {
            throw ForgeException.of(code, "told to fail", ErrorDetails.NONE.withStatus(status));
        };
    }

    private static Function<ChatRequest, Completion> hanging() {
        return request -> {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnavailableException("interrupted");
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"RATE_LIMITED", "UNAVAILABLE", "TIMEOUT", "CONTEXT_LENGTH", "CONTENT_FILTERED", "PROTOCOL", "QUOTA"
            })
    void afterAFailureOfItsClassAnotherTargetAnswers(ErrorCode code) {
        service.route("r", List.of("a/m", "b/m"));
        a.chat = failing(code, 0);
        assertThat(service.chat("r")).isEqualTo("b");
        assertThat(TestService.by(stream("r").attribution())).isEqualTo("b");
        assertThat(a.calls).hasValueGreaterThan(0);
    }

    private Completion stream(String model) {
        return Completion.of(service.llm.streamChat(ask(model)));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"INVALID_REQUEST", "NOT_FOUND", "PERMISSION", "UNSUPPORTED"})
    void afterAnotherFailureTheCallerGetsIt(ErrorCode code) {
        service.route("r", List.of("a/m", "b/m"));
        a.chat = failing(code, 0);
        assertThatThrownBy(() -> service.chat("r"))
                .isInstanceOfSatisfying(
                        ForgeException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThatThrownBy(() -> stream("r"))
                .isInstanceOfSatisfying(
                        ForgeException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(a.calls).hasValue(2);
        assertThat(b.calls).hasValue(0);
    }

    @Test
    void theClassesAreConfigured() {
        service.route("r", List.of("a/m", "b/m"), "fallbackOn", new String[] {"content_filtered"}, "attempts", 2);
        a.chat = failing(ErrorCode.UNAVAILABLE, 503);
        assertThatThrownBy(() -> service.chat("r")).isInstanceOf(UnavailableException.class);
        assertThat(b.calls).hasValue(0);
        a.chat = failing(ErrorCode.CONTENT_FILTERED, 0);
        assertThat(service.chat("r")).isEqualTo("b");
    }

    @Test
    void retriesAndFallbacksShareOneNumberOfAttempts() {
        service.route("r", List.of("a/m", "b/m", "c/m"), "attempts", 5);
        a.chat = b.chat = c.chat = failing(ErrorCode.UNAVAILABLE, 503);
        assertThatThrownBy(() -> service.chat("r"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("attempts: a/m UNAVAILABLE, b/m UNAVAILABLE, c/m UNAVAILABLE, ");
        assertThat(a.calls.get() + b.calls.get() + c.calls.get()).isEqualTo(5);
    }

    @Test
    void oneDeadlineHoldsForAllAttemptsAndEachTargetHasAShareOfIt() {
        service.route("r", List.of("a/m", "b/m", "c/m"), "deadlineMillis", 1_500L);
        a.chat = b.chat = c.chat = hanging();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> service.chat("r")).isInstanceOf(TimedOutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(1_490), Duration.ofSeconds(20));
        assertThat(List.of(a.calls.get(), b.calls.get(), c.calls.get())).containsExactly(1, 1, 1);
    }

    @Test
    void anAttemptHasItsOwnLimitWhereConfigured() {
        service.route("r", List.of("a/m", "b/m"), "attemptMillis", 500L);
        a.chat = hanging();
        Completion answer = service.llm.chat(ask("r"));
        assertThat(TestService.by(answer.attribution())).isEqualTo("b");
        assertThat(answer.attribution().orElseThrow().lost()).isGreaterThanOrEqualTo(Duration.ofMillis(499));
    }

    @Test
    void theCallersOwnLimitIsKept() {
        service.route("r", List.of("a/m"), "attempts", 1);
        a.chat = hanging();
        assertThatThrownBy(() -> service.llm.chat(ask("r").withTimeout(Duration.ofMillis(100))))
                .isInstanceOf(TimedOutException.class)
                .hasMessageContaining("no answer from 'a/m' within");
    }

    @ParameterizedTest
    @CsvSource({
        "TIMEOUT, 408, true", "INVALID_REQUEST, 409, true", "RATE_LIMITED, 429, true", "UNAVAILABLE, 500, true",
        "UNAVAILABLE, 502, true", "UNAVAILABLE, 503, true", "UNAVAILABLE, 504, true", "UNAVAILABLE, 529, true",
        "UNAVAILABLE, 0, true", "PROTOCOL, 200, true", "INVALID_REQUEST, 400, false", "AUTHENTICATION, 401, false",
        "PERMISSION, 403, false", "NOT_FOUND, 404, false", "INVALID_REQUEST, 422, false", "CONTEXT_LENGTH, 400, false",
        "QUOTA, 429, false", "CONTENT_FILTERED, 400, false", "UNSUPPORTED, 0, false"
    })
    void onlyWhatMaySucceedIsTriedAgain(ErrorCode code, int status, boolean again) {
        a.chat = request -> a.calls.get() > 1
                ? Completion.of("m", "well", Usage.of(1, 1))
                : failing(code, status).apply(request);
        if (again) {
            assertThat(service.llm.chat(ask("a/m").withOptions(patient())).text())
                    .isEqualTo("well");
        } else {
            assertThatThrownBy(() -> service.llm.chat(ask("a/m"))).isInstanceOf(ForgeException.class);
        }
        assertThat(a.calls).hasValue(again ? 2 : 1);
    }

    private static GenerationOptions patient() {
        return GenerationOptions.builder().timeout(Duration.ofSeconds(20)).build();
    }

    @Test
    void pausesGrowAndAreDrawnFromNothingToTheirBound() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(1_000));
        assertThat(backoff.wait(0, 0.0)).isZero();
        assertThat(backoff.wait(0, 1.0)).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.wait(2, 0.5)).isEqualTo(Duration.ofMillis(200));
        assertThat(backoff.wait(3, 1.0)).isEqualTo(Duration.ofMillis(800));
        assertThat(backoff.wait(4, 1.0)).isEqualTo(Duration.ofMillis(1_000));
        assertThat(backoff.wait(1_000_000, 1.0)).isEqualTo(Duration.ofMillis(1_000));
    }

    @Test
    void aLongerWaitThanConfiguredIsLeftToTheCaller() {
        a.chat = request -> {
            throw new RateLimitedException("slowly", ErrorDetails.NONE.withRetryAfter(Duration.ofSeconds(31)));
        };
        long begun = System.nanoTime();
        assertThatThrownBy(() -> service.llm.chat(ask("a/m")))
                .isInstanceOfSatisfying(
                        RateLimitedException.class,
                        e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(31)));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(a.calls).hasValue(1);
    }

    @Test
    void aTargetThatAskedForAPauseIsLeftAloneWhileAnotherCanAnswer() {
        service.route("r", List.of("a/m", "b/m"));
        a.chat = request -> {
            throw new RateLimitedException("slowly", ErrorDetails.NONE.withRetryAfter(Duration.ofSeconds(10)));
        };
        assertThat(service.chat("r")).isEqualTo("b");
        assertThat(service.chat("r")).isEqualTo("b");
        assertThat(a.calls).hasValue(1);
        service.later(Duration.ofSeconds(11));
        assertThat(service.chat("r")).isEqualTo("b");
        assertThat(a.calls).hasValue(2);
    }

    @Test
    void retriesDoNotMultiplyAnOutageOfSeveralTargets() {
        service.route("r", List.of("a/m", "b/m", "c/m"), "attempts", 10);
        a.chat = b.chat = c.chat = failing(ErrorCode.UNAVAILABLE, 503);
        for (int i = 0; i < 300; i++) {
            assertThatThrownBy(() -> service.chat("r")).isInstanceOf(UnavailableException.class);
        }
        // Without a budget it would be 3000. With one: the calls, a fifth of them again, ten to begin with for each
        // provider, one a second for each, and the first rounds of fallbacks until all three are left out.
        assertThat(a.calls.get() + b.calls.get() + c.calls.get()).isBetween(300, 300 + 60 + 30 + 90 + 60);
    }

    @Test
    void failedCallsLeaveNoMemoryBehind() throws Exception {
        service.route("r", List.of("a/m", "b/m"));
        a.chat = b.chat = failing(ErrorCode.UNAVAILABLE, 503);
        List<WeakReference<ChatRequest>> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ChatRequest request = ChatRequest.of(i % 2 == 0 ? "r" : "a/model" + i, Message.user("x" + i));
            requests.add(new WeakReference<>(request));
            assertThatThrownBy(() -> service.llm.chat(request)).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> Completion.of(service.llm.streamChat(request)))
                    .isInstanceOf(UnavailableException.class);
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        // The last one may still be on this thread's stack.
        while (requests.stream().filter(r -> r.get() != null).count() > 1 && System.nanoTime() < end) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(requests.stream().filter(r -> r.get() != null).count()).isLessThanOrEqualTo(1);
        while (service.llm.providers().stream().anyMatch(p -> p.active() > 0)) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
