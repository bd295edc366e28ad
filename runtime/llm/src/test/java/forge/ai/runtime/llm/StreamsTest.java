package forge.ai.runtime.llm;

import static forge.ai.runtime.llm.TestService.ask;
import static forge.ai.runtime.llm.TestService.finished;
import static forge.ai.runtime.llm.TestService.started;
import static forge.ai.runtime.llm.TestService.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.CancelledException;
import forge.ai.api.ProtocolException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.llm.TestService.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M4 and M13: failover of streams, their limits of time, and giving them up. */
@Timeout(60)
class StreamsTest {

    /** A stream fed by the test: events, and exceptions to throw; it waits where there is nothing. */
    private static final class Fed implements CompletionStream {
        private final LinkedBlockingQueue<Object> feed = new LinkedBlockingQueue<>();
        final CountDownLatch closed = new CountDownLatch(1);
        private Object next;

        Fed(Object... feed) {
            this.feed.addAll(List.of(feed));
        }

        @Override
        public boolean hasNext() {
            try {
                next = next == null ? feed.take() : next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException("interrupted");
            }
            if (next instanceof RuntimeException failure) {
                throw failure;
            }
            return true;
        }

        @Override
        public CompletionEvent next() {
            hasNext();
            CompletionEvent event = (CompletionEvent) next;
            next = null;
            return event;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private final TestService service = new TestService(Map.of("deadlineMillis", 20_000L));
    private final Source a = service.source("a");
    private final Source b = service.source("b");

    @AfterEach
    void close() {
        service.close();
    }

    private Completion stream(String model) {
        return Completion.of(service.llm.streamChat(ask(model)));
    }

    @Test
    void whatComesBeforeTheFirstContentDoesNotKeepAnotherTargetFromAnswering() {
        service.route("r", List.of("a/m", "b/m"));
        a.stream = request -> new Fed(started(), text(""), new UnavailableException("reset"));
        b.stream = request -> new Fed(started(), text("from b"), finished());
        CompletionStream stream = service.llm.streamChat(ask("r"));
        assertThat(stream.next()).isEqualTo(started());
        assertThat(stream.next()).isEqualTo(text("from b"));
        assertThat(stream.next()).isEqualTo(finished());
        assertThat(stream.hasNext()).isFalse();
        assertThat(stream.attribution().orElseThrow().attempts()).isEqualTo(2);
    }

    @Test
    void aCallThatCannotEvenBeMadeIsMadeElsewhere() {
        service.route("r", List.of("a/m", "b/m"));
        a.stream = request -> {
            throw new UnavailableException("no connection");
        };
        b.stream = request -> new Fed(started(), text("from b"), finished());
        assertThat(stream("r").text()).isEqualTo("from b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "thought", "call"})
    void afterTheFirstContentOfWhateverKindTheStreamEndsWithTheError(String kind) {
        service.route("r", List.of("a/m", "b/m"));
        CompletionEvent content = switch (kind) {
            case "text" -> text("hi");
            case "thought" -> new CompletionEvent.ThinkingDelta("hm");
            default -> new CompletionEvent.ToolCallStarted(0, "1", "f");
        };
        a.stream = request -> new Fed(started(), content, new UnavailableException("reset"));
        CompletionStream stream = service.llm.streamChat(ask("r"));
        assertThat(stream.next()).isEqualTo(started());
        assertThat(stream.next()).isEqualTo(content);
        assertThatThrownBy(stream::hasNext)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("reset");
        assertThatThrownBy(stream::next).isInstanceOf(UnavailableException.class);
        assertThat(b.calls).hasValue(0);
    }

    @Test
    void withoutAFirstPieceInTimeAnotherTargetAnswers() throws Exception {
        service.route("r", List.of("a/m", "b/m"), "attemptMillis", 700L);
        Fed silent = new Fed(started());
        a.stream = request -> silent;
        b.stream = request -> new Fed(started(), text("from b"), finished());
        assertThat(stream("r").text()).isEqualTo("from b");
        assertThat(silent.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theGapBetweenPiecesHasItsOwnLimit() throws Exception {
        try (TestService strict = new TestService(Map.of("idleMillis", 300L))) {
            strict.route("r", List.of("a/m", "b/m"));
            Fed stalls = new Fed(started(), text("hi"));
            strict.source("a").stream = request -> stalls;
            Source other = strict.source("b");
            CompletionStream stream = strict.llm.streamChat(ask("r"));
            stream.next();
            assertThat(stream.next()).isEqualTo(text("hi"));
            assertThatThrownBy(stream::hasNext)
                    .isInstanceOf(TimedOutException.class)
                    .hasMessageContaining("nothing came from 'a/m' within 300 ms");
            assertThat(stalls.closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(other.calls).hasValue(0);
        }
    }

    @Test
    void aLongStreamIsNotCutByTheLimitsForAnswers() {
        service.route("r", List.of("a/m"), "deadlineMillis", 20_000L, "attemptMillis", 15_000L);
        Fed slow = new Fed(started(), text("0"));
        a.stream = request -> slow;
        CompletionStream stream = service.llm.streamChat(ask("r").withTimeout(Duration.ofSeconds(10)));
        assertThat(stream.next()).isEqualTo(started());
        assertThat(stream.next()).isEqualTo(text("0"));
        for (int minute = 1; minute < 60; minute++) {
            service.later(Duration.ofMinutes(1));
            slow.feed.add(text("" + minute));
            assertThat(stream.next()).isEqualTo(text("" + minute));
        }
        slow.feed.add(finished());
        assertThat(stream.next()).isEqualTo(finished());
    }

    @Test
    void anEndWithoutTheMarkOfTheEndIsAnError() {
        a.stream = request -> {
            List<CompletionEvent> half = List.of(started(), text("half"));
            return new ReplayedStream(half.iterator(), new Attribution("", "", "", 1, Duration.ZERO));
        };
        CompletionStream stream = service.llm.streamChat(ask("a/m"));
        stream.next();
        stream.next();
        assertThatThrownBy(stream::hasNext)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("ended in the middle");
    }

    @Test
    void aStreamWithoutUsageEndsAsItShould() {
        a.stream = request ->
                new Fed(started(), text("hi"), new CompletionEvent.Finished(FinishReason.STOP, Optional.empty()));
        assertThat(stream("a/m").usage()).isEmpty();
    }

    @Test
    void parallelCallsOfToolsThatComeInterleavedArriveWhole() {
        a.stream = request -> new Fed(
                started(),
                new CompletionEvent.ToolCallStarted(0, "1", "f"),
                new CompletionEvent.ToolCallStarted(1, "2", "g"),
                new CompletionEvent.ToolCallDelta(1, "{\"b\""),
                new CompletionEvent.ToolCallDelta(0, "{\"a\":1"),
                new CompletionEvent.ToolCallStarted(7, "3", "h"),
                new CompletionEvent.ToolCallDelta(1, ":2}"),
                new CompletionEvent.ToolCallDelta(0, "}"),
                new CompletionEvent.Finished(FinishReason.TOOL_CALLS, Optional.of(Usage.of(1, 1))));
        assertThat(stream("a/m").toolCalls())
                .containsExactly(
                        new Content.ToolCall("1", "f", "{\"a\":1}"),
                        new Content.ToolCall("2", "g", "{\"b\":2}"),
                        new Content.ToolCall("3", "h", "{}"));
    }

    @Test
    void thoughtsAndTheirSignaturesPassUnchanged() {
        a.stream = request -> new Fed(
                started(),
                new CompletionEvent.ThinkingDelta("so "),
                new CompletionEvent.ThinkingDelta("then"),
                new CompletionEvent.ThinkingSignature("c2ln+/=="),
                new CompletionEvent.Whole(new Content.Thinking("", "", "aGlkZGVu")),
                text("hi"),
                finished());
        assertThat(stream("a/m").content())
                .containsExactly(
                        new Content.Thinking("so then", "c2ln+/==", ""),
                        new Content.Thinking("", "", "aGlkZGVu"),
                        new Content.Text("hi"));
    }

    @Test
    void closingBeforeTheFirstPieceReachesTheUpstream() throws Exception {
        Fed silent = new Fed();
        a.stream = request -> silent;
        CompletionStream stream = service.llm.streamChat(ask("a/m"));
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                stream.hasNext();
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        await(() -> a.calls.get() == 1);
        stream.close();
        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(silent.closed.await(10, TimeUnit.SECONDS)).isTrue();
        await(() -> service.llm.providers().getFirst().active() == 0);
    }

    @Test
    void closingDuringThePauseBeforeARetryEndsThePause() throws Exception {
        TestService patient = new TestService(Map.of("backoffMillis", 30_000L, "backoffMaxMillis", 30_000L));
        try (patient) {
            Source source = patient.source("a");
            source.stream = request -> {
                throw new UnavailableException("down");
            };
            CompletionStream stream = patient.llm.streamChat(ask("a/m"));
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    stream.hasNext();
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            await(() -> source.calls.get() == 1);
            stream.close();
            assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            assertThat(source.calls).hasValue(1);
        }
    }

    @Test
    void aReaderThatIsSlowHoldsTheUpstreamBackAndLosesNothing() {
        int many = 5_000;
        Object[] feed = new Object[many + 2];
        feed[0] = started();
        for (int i = 0; i < many; i++) {
            feed[i + 1] = text(i + " ");
        }
        feed[many + 1] = finished();
        Fed fed = new Fed(feed);
        a.stream = request -> fed;
        CompletionStream stream = service.llm.streamChat(ask("a/m"));
        stream.next();
        assertThat(fed.feed.size()).isGreaterThan(many / 2);
        StringBuilder said = new StringBuilder();
        while (stream.hasNext()) {
            if (stream.next() instanceof CompletionEvent.TextDelta piece) {
                said.append(piece.text());
            }
        }
        assertThat(said.toString().split(" ")).hasSize(many);
    }

    @Test
    void aStreamThatNobodyReadsIsClosed() throws Exception {
        Fed left = new Fed(started(), text("hi"));
        a.stream = request -> left;
        CompletionStream stream = service.llm.streamChat(ask("a/m"));
        stream.next();
        service.later(Duration.ofMinutes(3));
        service.calls.closeAbandoned();
        assertThat(left.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
