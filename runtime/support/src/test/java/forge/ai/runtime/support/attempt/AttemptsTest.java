package forge.ai.runtime.support.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AttemptsTest {

    private static final CompletionEvent STARTED = new CompletionEvent.Started("1", "m");
    private static final CompletionEvent TEXT = new CompletionEvent.TextDelta("hi");
    private static final CompletionEvent END = new CompletionEvent.Finished(FinishReason.STOP, Optional.empty());

    private final List<String> log = new ArrayList<>();
    private final CountDownLatch failed = new CountDownLatch(1);

    /** Attempts 1, 2 ... up to three, each after this pause. */
    private Attempts<Integer> attempts(Duration pause) {
        return new Attempts<>() {
            private int number;

            @Override
            public Integer next() {
                return ++number;
            }

            @Override
            public void answered(Integer attempt) {
                log.add(attempt + " answered");
            }

            @Override
            public Optional<Duration> failed(Integer attempt, ForgeException failure, boolean answered) {
                log.add(attempt + (answered ? " broke" : " failed"));
                failed.countDown();
                return answered || attempt == 3 || failure instanceof CancelledException
                        ? Optional.empty()
                        : Optional.of(pause);
            }
        };
    }

    private static ForgeException down() {
        return new UnavailableException("down", ErrorDetails.NONE);
    }

    /** These events and then the end, or a failure in the place of a null. */
    private static CompletionStream stream(CompletionEvent... events) {
        List<CompletionEvent> all = new ArrayList<>(List.of(events));
        boolean breaks = all.isEmpty() || all.getLast() != END;
        Iterator<CompletionEvent> iterator = all.iterator();
        return new CompletionStream() {
            @Override
            public boolean hasNext() {
                if (!iterator.hasNext() && breaks) {
                    throw down();
                }
                return iterator.hasNext();
            }

            @Override
            public CompletionEvent next() {
                hasNext();
                return iterator.next();
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void aCallIsMadeAgainUntilItIsAnswered() {
        String answer = AttemptedCall.of(attempts(Duration.ZERO), attempt -> {
            if (attempt < 3) {
                throw down();
            }
            return "answer " + attempt;
        });
        assertThat(answer).isEqualTo("answer 3");
        assertThat(log).containsExactly("1 failed", "2 failed", "3 answered");
    }

    @Test
    void theFinalFailureIsTheCallers() {
        ForgeException last = down();
        assertThatThrownBy(() -> AttemptedCall.of(attempts(Duration.ZERO), attempt -> {
                    throw attempt == 3 ? last : down();
                }))
                .isSameAs(last);
        assertThat(log).containsExactly("1 failed", "2 failed", "3 failed");
    }

    @Test
    void nothingIsSeenOfStreamsThatFailBeforeTheirContent() {
        List<CompletionEvent> events = new ArrayList<>();
        try (CompletionStream stream = new AttemptedStream<>(attempts(Duration.ZERO), attempt -> switch (attempt) {
            case 1 -> throw down();
            case 2 -> stream(STARTED);
            default -> stream(STARTED, TEXT, TEXT, END);
        })) {
            stream.forEachRemaining(events::add);
            assertThat(stream.hasNext()).isFalse();
        }
        assertThat(events).containsExactly(STARTED, TEXT, TEXT, END);
        assertThat(log).containsExactly("1 failed", "2 failed", "3 answered");
    }

    @Test
    void afterTheContentAFailureIsFinal() {
        List<CompletionEvent> events = new ArrayList<>();
        CompletionStream stream = new AttemptedStream<>(attempts(Duration.ZERO), attempt -> stream(STARTED, TEXT));
        assertThatThrownBy(() -> stream.forEachRemaining(events::add)).isInstanceOf(UnavailableException.class);
        assertThat(events).containsExactly(STARTED, TEXT);
        assertThat(log).containsExactly("1 answered", "1 broke");
    }

    @Test
    void aStreamThatFailsEachTimeFailsWithTheLast() {
        assertThatThrownBy(() -> Completion.of(new AttemptedStream<>(attempts(Duration.ZERO), attempt -> stream())))
                .isInstanceOf(UnavailableException.class);
        assertThat(log).containsExactly("1 failed", "2 failed", "3 failed");
    }

    @Test
    void closingEndsAWaitForTheNextAttempt() throws Exception {
        CompletionStream stream = new AttemptedStream<>(attempts(Duration.ofHours(1)), attempt -> stream());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                stream.hasNext();
            } catch (ForgeException e) {
                thrown.set(e);
            }
        });
        assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
        stream.close();
        assertThat(reader.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
        assertThat(log).containsExactly("1 failed");
    }

    @Test
    void interruptingEndsAWaitForTheNextAttempt() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                AttemptedCall.of(attempts(Duration.ofHours(1)), attempt -> {
                    throw down();
                });
            } catch (ForgeException e) {
                thrown.set(e);
            }
        });
        assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
    }
}
