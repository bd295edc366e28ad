package forge.ai.runtime.llm;

import static forge.ai.runtime.llm.TestService.ask;
import static forge.ai.runtime.llm.TestService.finished;
import static forge.ai.runtime.llm.TestService.started;
import static forge.ai.runtime.llm.TestService.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageEntry.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BookingTest {

    /** Gives these events and then waits until it is closed. */
    private static CompletionStream endless(CompletionEvent... events) {
        Iterator<CompletionEvent> iterator = List.of(events).iterator();
        CountDownLatch closed = new CountDownLatch(1);
        return new CompletionStream() {
            @Override
            public boolean hasNext() {
                if (iterator.hasNext()) {
                    return true;
                }
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new CancelledException("closed");
            }

            @Override
            public CompletionEvent next() {
                return iterator.next();
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }

    private final Journal journal = new Journal();
    private final TestService service = new TestService(Map.of("attempts", 2), "a/m=10,1,20");
    private final TestService.Source a = service.source("a");

    @BeforeEach
    void keepBooks() {
        service.routing.accounting().ledgers().add(journal, Map.of("service.id", 1L));
    }

    @AfterEach
    void close() {
        service.close();
    }

    private UsageEntry only() {
        assertThat(journal.entries).hasSize(1);
        return journal.entries.getFirst();
    }

    @Test
    void everyAttemptIsBookedOnceWithWhatItCost() {
        a.chat = request -> {
            if (a.calls.get() == 1) {
                throw new UnavailableException("down");
            }
            return new Completion(
                    "",
                    "m",
                    List.of(new Content.Text("hello")),
                    FinishReason.STOP,
                    "",
                    Optional.of(new Usage(100, 50, 40, 0, 10)),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty());
        };
        service.llm.chat(ask("a/m"));
        assertThat(journal.entries).hasSize(2);
        UsageEntry failed = journal.entries.getFirst();
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.error()).hasValue(ErrorCode.UNAVAILABLE);
        assertThat(failed.usage()).isEqualTo(Usage.of(0, 0));
        assertThat(failed.estimated()).isFalse();
        UsageEntry completed = journal.entries.getLast();
        assertThat(completed.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(completed.attempt()).isEqualTo(2);
        assertThat(completed.usage()).isEqualTo(new Usage(100, 50, 40, 0, 10));
        // (60 * 10 + 40 * 1 + 50 * 20) / 1e6
        assertThat(completed.cost()).isEqualByComparingTo(new BigDecimal("0.00164"));
        assertThat(completed.key()).isEqualTo("anonymous");
        assertThat(completed.operation()).isEqualTo(UsageEntry.Operation.CHAT);
        assertThat(completed.firstToken()).isEmpty();
    }

    @Test
    void aStreamIsBookedBeforeItsLastEventIsHandedOver() {
        a.stream = request -> new ReplayedStream(
                List.of(started(), text("hello"), finished()).iterator(),
                new Attribution("", "", "", 1, Duration.ZERO));
        try (CompletionStream stream = service.llm.streamChat(ask("a/m"))) {
            while (stream.hasNext()) {
                if (stream.next() instanceof CompletionEvent.Finished) {
                    assertThat(only().outcome()).isEqualTo(Outcome.COMPLETED);
                }
            }
        }
        UsageEntry entry = only();
        assertThat(entry.stream()).isTrue();
        assertThat(entry.firstToken()).isPresent();
        assertThat(entry.estimated()).isTrue();
        assertThat(entry.usage().outputTokens()).isPositive();
    }

    @Test
    void aCallerThatLeavesIsBookedWithWhatCameSoFar() {
        a.stream = request -> endless(started(), text("x".repeat(400)));
        try (CompletionStream stream = service.llm.streamChat(ask("a/m"))) {
            stream.next();
            stream.next();
            assertThat(journal.entries).isEmpty();
        }
        UsageEntry entry = only();
        assertThat(entry.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(entry.error()).isEmpty();
        assertThat(entry.estimated()).isTrue();
        assertThat(entry.usage().outputTokens()).isEqualTo(100);
        assertThat(entry.cost()).isPositive();
    }

    @Test
    void anUpstreamThatBreaksOffIsBookedWithWhatCameSoFar() {
        Iterator<CompletionEvent> events =
                List.of(started(), text("x".repeat(40))).iterator();
        a.stream = request -> new ReplayedStream(events, new Attribution("", "", "", 1, Duration.ZERO));
        try (CompletionStream stream = service.llm.streamChat(ask("a/m"))) {
            assertThatThrownBy(() -> stream.forEachRemaining(event -> {}))
                    .isInstanceOfSatisfying(
                            ForgeException.class,
                            e -> assertThat(e.details()
                                            .attribution()
                                            .orElseThrow()
                                            .provider())
                                    .isEqualTo("a"));
        }
        UsageEntry entry = only();
        assertThat(entry.outcome()).isEqualTo(Outcome.CUT);
        assertThat(entry.error()).hasValue(ErrorCode.PROTOCOL);
        assertThat(entry.usage().outputTokens()).isEqualTo(10);
    }

    @Test
    void anAnswerThatWasNotWaitedForIsBookedOnce() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        a.chat = request -> {
            try {
                late.await();
            } catch (InterruptedException e) {
                answered.countDown();
            }
            return Completion.of("m", "late", Usage.of(5, 5));
        };
        assertThatThrownBy(() -> service.llm.chat(ask("a/m").withTimeout(Duration.ofMillis(50))))
                .isInstanceOf(TimedOutException.class);
        answered.await();
        UsageEntry entry = only();
        assertThat(entry.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(entry.error()).hasValue(ErrorCode.TIMEOUT);
        assertThat(entry.estimated()).isTrue();
    }

    @Test
    void anAnswerFromTheCacheIsBookedAsTakingNothing() {
        service.route("r", List.of("a/m"), "cache", "all");
        for (int i = 0; i < 3; i++) {
            service.llm.chat(ask("r"));
        }
        assertThat(a.calls).hasValue(1);
        assertThat(journal.entries)
                .extracting(UsageEntry::outcome)
                .containsExactly(Outcome.COMPLETED, Outcome.CACHED, Outcome.CACHED);
        assertThat(journal.entries.getLast().usage()).isEqualTo(Usage.of(0, 0));
        assertThat(journal.entries.getLast().route()).isEqualTo("r");
    }

    @Test
    void estimatesLearnFromWhatProvidersSay() {
        a.chat = request -> Completion.of("m", "x".repeat(100), Usage.of(90, 75));
        for (int i = 0; i < 30; i++) {
            service.llm.chat(ask("a/m"));
        }
        TokenEstimates estimates = service.routing.accounting().estimates();
        Target target = Target.of("a", "m");
        Demand demand = Demand.of(ask("a/m"));
        assertThat(estimates.input(target, demand)).isEqualTo(90);
        assertThat(estimates.mostInput(target, demand)).isBetween(90L, 95L);
        assertThat(estimates.mostOutput(target, demand)).isBetween(75L, 80L);
        assertThat(estimates.output(target, 200)).isEqualTo(150);
        assertThat(estimates.mostOutput(Target.of("a", "other"), demand)).isEqualTo(500);
    }

    @Test
    void aCallThatCannotBeBookedIsNotMade() {
        service.llm.chat(ask("a/m"));
        service.routing.accounting().ledgers().remove(journal);
        assertThatThrownBy(() -> service.llm.chat(ask("a/m")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("ledger");
        assertThat(a.calls).hasValue(1);
    }
}
