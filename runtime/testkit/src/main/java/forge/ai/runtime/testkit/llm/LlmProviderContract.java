package forge.ai.runtime.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.testkit.ThreadCensus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every provider of language models must do; a provider's test extends it with an upstream and what is to be asked.
 * Both are new for each test.
 */
@Timeout(60)
public abstract class LlmProviderContract {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** So long may the end of a call take to reach the upstream; several times what it should, for busy machines. */
    private static final Duration CANCEL = Duration.ofSeconds(1);

    protected abstract LlmProvider provider();

    /** Asks for an answer that is the same each time. */
    protected abstract ChatRequest chat();

    /** The text of the answer to {@link #chat}. */
    protected abstract String answer();

    /** A text whose continuation is the same each time; none if the provider cannot continue texts. */
    protected abstract Optional<CompletionRequest> completion();

    /** At least two different texts; none if the provider gives no vectors. */
    protected abstract Optional<EmbeddingRequest> embedding();

    /** From now on the upstream takes requests and, whatever it says at first, comes to no end. */
    protected abstract void hang();

    /** How many requests the upstream is busy with. */
    protected abstract int busy();

    /** What the bundle does when it is stopped. */
    protected abstract void stop();

    @Test
    void aChatIsAnswered() {
        Completion completion = provider().chat(chat());

        assertThat(completion.text()).isEqualTo(answer());
        assertThat(completion.model()).isNotEmpty();
        assertThat(completion.attribution()).isEmpty();
        Usage usage = completion.usage().orElseThrow();
        assertThat(usage.inputTokens()).isPositive();
        assertThat(usage.outputTokens()).isPositive();
    }

    @Test
    void theStreamPutTogetherEqualsTheWhole() {
        assertSame(Completion.of(provider().streamChat(chat())), provider().chat(chat()));
    }

    private static void assertSame(Completion streamed, Completion whole) {
        assertThat(streamed.content()).isEqualTo(whole.content());
        assertThat(streamed.model()).isEqualTo(whole.model());
        assertThat(streamed.finish()).isEqualTo(whole.finish());
        assertThat(streamed.stopSequence()).isEqualTo(whole.stopSequence());
        assertThat(streamed.usage()).isEqualTo(whole.usage());
        assertThat(streamed.logprobs()).isEqualTo(whole.logprobs());
    }

    @Test
    void aStreamBeginsWithStartedEndsWithFinishedAndThenHasNoMore() {
        List<CompletionEvent> events = new ArrayList<>();
        try (CompletionStream stream = provider().streamChat(chat())) {
            while (stream.hasNext()) {
                assertThat(stream.hasNext()).isTrue();
                events.add(stream.next());
            }
            assertThat(stream.hasNext()).isFalse();
            assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        }
        assertThat(events.getFirst()).isInstanceOf(CompletionEvent.Started.class);
        assertThat(events.getLast()).isInstanceOf(CompletionEvent.Finished.class);
        assertThat(events.subList(1, events.size() - 1))
                .isNotEmpty()
                .noneMatch(e -> e instanceof CompletionEvent.Started || e instanceof CompletionEvent.Finished);
    }

    @Test
    void textsAreContinuedOrThatIsUnsupported() {
        if (completion().isEmpty()) {
            CompletionRequest request = CompletionRequest.of(chat().model(), "a");
            assertThatThrownBy(() -> provider().complete(request)).isInstanceOf(UnsupportedException.class);
            assertThatThrownBy(() -> Completion.of(provider().streamCompletion(request)))
                    .isInstanceOf(UnsupportedException.class);
            return;
        }
        Completion whole = provider().complete(completion().get());

        assertThat(whole.text()).isNotEmpty();
        assertThat(whole.usage()).isPresent();
        assertSame(Completion.of(provider().streamCompletion(completion().get())), whole);
    }

    @Test
    void vectorsComeInTheOrderOfTheTextsOrAreUnsupported() {
        if (embedding().isEmpty()) {
            assertThatThrownBy(() -> provider().embed(EmbeddingRequest.of(chat().model(), "a")))
                    .isInstanceOf(UnsupportedException.class);
            return;
        }
        EmbeddingRequest request = embedding().get();
        Embeddings together = provider().embed(request);

        assertThat(together.vectors()).hasSameSizeAs(request.inputs());
        assertThat(together.vectors().getFirst())
                .isNotEqualTo(together.vectors().getLast());
        for (int i = 0; i < request.inputs().size(); i++) {
            float[] alone = provider()
                    .embed(EmbeddingRequest.of(request.model(), request.inputs().get(i)))
                    .vectors()
                    .getFirst();
            assertThat(together.vectors().get(i)).containsExactly(alone, within(1e-4f));
        }
    }

    @Test
    void theModelsThatCanBeAskedForAreListed() {
        provider().probe();
        assertThat(provider().models()).extracting(LlmModel::id).contains(chat().model());
    }

    @Test
    void anUnknownModelIsNotFound() {
        ChatRequest chat = chat().withModel("no-such-model");
        assertThatThrownBy(() -> provider().chat(chat)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> Completion.of(provider().streamChat(chat))).isInstanceOf(NotFoundException.class);
        completion()
                .map(c -> c.withModel("no-such-model"))
                .ifPresent(request ->
                        assertThatThrownBy(() -> provider().complete(request)).isInstanceOf(NotFoundException.class));
        embedding()
                .map(e -> e.withModel("no-such-model"))
                .ifPresent(request ->
                        assertThatThrownBy(() -> provider().embed(request)).isInstanceOf(NotFoundException.class));
        assertThat(provider().chat(chat()).text()).isEqualTo(answer());
    }

    @Test
    void severalCallersAreAnsweredAtATime() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                boolean streams = caller % 2 == 0;
                callers.add(threads.submit((Callable<Void>) () -> {
                    for (int call = 0; call < 25; call++) {
                        Completion completion = streams
                                ? Completion.of(provider().streamChat(chat()))
                                : provider().chat(chat());
                        assertThat(completion.text()).isEqualTo(answer());
                    }
                    return null;
                }));
            }
            for (Future<Void> caller : callers) {
                caller.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void closingAStreamEndsTheCallUpstreamAndItsReader() throws Exception {
        hang();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionStream stream = provider().streamChat(chat());
            Future<?> reader = threads.submit(() -> stream.forEachRemaining(event -> {}));
            await("the call is under way", LIMIT, () -> busy() == 1);
            assertThat(reader.isDone()).isFalse();

            stream.close();
            stream.close();

            await("the call ends upstream", CANCEL, () -> busy() == 0);
            assertThatThrownBy(() -> reader.get(CANCEL.toMillis(), TimeUnit.MILLISECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CancelledException.class);
        }
    }

    @Test
    void aStreamThatNobodyReadsIsEndedToo() throws Exception {
        hang();
        CompletionStream stream = provider().streamChat(chat());
        await("the call is under way", LIMIT, () -> busy() == 1);

        stream.close();

        await("the call ends upstream", CANCEL, () -> busy() == 0);
    }

    @Test
    void interruptingTheCallerEndsTheCallUpstream() throws Exception {
        hang();
        List<Callable<Completion>> calls = List.of(
                () -> provider().chat(chat()), () -> Completion.of(provider().streamChat(chat())));
        for (Callable<Completion> call : calls) {
            List<Throwable> thrown = new ArrayList<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    call.call();
                } catch (Exception e) {
                    thrown.add(e);
                }
            });
            await("the call is under way", LIMIT, () -> busy() == 1);

            caller.interrupt();

            assertThat(caller.join(CANCEL)).isTrue();
            await("the call ends upstream", CANCEL, () -> busy() == 0);
            assertThat(thrown).singleElement().isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void theLimitOfTheRequestIsKept() throws Exception {
        hang();
        ChatRequest hasty = chat().withOptions(chat().options().toBuilder()
                .timeout(Duration.ofMillis(50))
                .build());
        long begin = System.nanoTime();
        assertThatThrownBy(() -> provider().chat(hasty)).isInstanceOf(TimedOutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(45), LIMIT);
        await("the call ends upstream", CANCEL, () -> busy() == 0);
    }

    @Test
    void stoppingLosesNoCallAndLeavesNoThread() throws Exception {
        ThreadCensus before = ThreadCensus.now();
        AtomicInteger answers = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ForgeException>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                boolean streams = caller % 2 == 0;
                callers.add(threads.submit(() -> askUntilRefused(streams, answers)));
            }
            await("answers", LIMIT, () -> answers.get() > 20);

            stop();

            for (Future<ForgeException> caller : callers) {
                assertThat(caller.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(UnavailableException.class);
            }
        }
        // The upstream notices a moment after the client that an exchange is over.
        await("the upstream is idle", CANCEL, () -> busy() == 0);
        before.awaitNoOthers(LIMIT);
    }

    private ForgeException askUntilRefused(boolean streams, AtomicInteger answers) {
        while (true) {
            try {
                Completion completion = streams
                        ? Completion.of(provider().streamChat(chat()))
                        : provider().chat(chat());
                assertThat(completion.text()).isEqualTo(answer());
                answers.incrementAndGet();
            } catch (ForgeException e) {
                return e;
            }
        }
    }

    @Test
    void nothingOfARequestIsInAnError() {
        String secret = "Zanzibar";
        ChatRequest chat = ChatRequest.of("no-such-model", Message.user(secret));
        assertThatThrownBy(() -> provider().chat(chat)).hasMessageNotContaining(secret);
        assertThatThrownBy(() -> Completion.of(provider().streamChat(chat))).hasMessageNotContaining(secret);
    }

    /** Waits until the condition holds. */
    protected static void await(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, limit).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
