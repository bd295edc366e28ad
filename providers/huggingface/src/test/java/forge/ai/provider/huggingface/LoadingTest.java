package forge.ai.provider.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.CancelledException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model that is still being loaded is waited for. */
@Timeout(60)
class LoadingTest {

    private static final ChatRequest REQUEST = ChatRequest.of(OpenAiServer.MODEL, Message.user("abc"));

    private final HuggingFaceServer server = new HuggingFaceServer();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AtomicInteger refusals = new AtomicInteger();
    private HuggingFaceProvider provider = new HuggingFaceProvider(HuggingFaceConfigs.at(upstream.uri(), Map.of()));

    /** For so many requests the model is not there, and this is what is said of the time. */
    private void loads(int requests, String seconds) {
        refusals.set(0);
        upstream.script(x -> {
            if (refusals.get() < requests) {
                refusals.incrementAndGet();
                x.answer(
                        503,
                        "application/json",
                        "{\"error\":\"Model x is currently loading\",\"estimated_time\":" + seconds + "}");
            } else {
                server.answer(x);
            }
        });
    }

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private void within(long millis) {
        provider.close();
        provider = new HuggingFaceProvider(HuggingFaceConfigs.at(
                upstream.uri(), Map.of("requestTimeoutMillis", millis, "firstTokenTimeoutMillis", millis)));
    }

    @Test
    void theCallIsMadeAgainUntilTheModelIsThere() {
        loads(3, "0.2");
        assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
        assertThat(refusals).hasValue(3);
        loads(3, "0.2");
        assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo("cba");
        assertThat(refusals).hasValue(3);
        loads(2, "0.0");
        assertThat(provider.embed(EmbeddingRequest.of(OpenAiServer.MODEL, "abc"))
                        .vectors())
                .hasSize(1);
        assertThat(refusals).hasValue(2);
    }

    @Test
    void aModelThatWillNotBeThereInTimeIsUnavailableAtOnce() {
        within(10_000);
        loads(Integer.MAX_VALUE, "20.5");
        for (Runnable call :
                List.<Runnable>of(() -> provider.chat(REQUEST), () -> Completion.of(provider.streamChat(REQUEST)))) {
            UnavailableException e = catchThrowableOfType(UnavailableException.class, call::run);
            assertThat(e).hasMessage("huggingface: Model x is currently loading");
            assertThat(e.retryAfter()).contains(Duration.ofMillis(20_500));
        }
        assertThat(refusals).hasValue(2);
    }

    @Test
    void theDeadlineHoldsForAllAttempts() {
        within(700);
        loads(Integer.MAX_VALUE, "0.1");
        for (Runnable call :
                List.<Runnable>of(() -> provider.chat(REQUEST), () -> Completion.of(provider.streamChat(REQUEST)))) {
            long begin = System.nanoTime();
            assertThat(catchThrowableOfType(UnavailableException.class, call::run))
                    .isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(20));
        }
        assertThat(refusals).hasValueBetween(2, 20);
    }

    @Test
    void aCallersOwnLimitHoldsToo() {
        loads(Integer.MAX_VALUE, "5");
        UnavailableException e = catchThrowableOfType(
                UnavailableException.class, () -> provider.chat(REQUEST.withTimeout(Duration.ofSeconds(1))));
        assertThat(e).isNotNull();
        assertThat(refusals).hasValue(1);
    }

    @Test
    void anEstimateThatIsNoneIsNotWaitedFor() {
        for (String estimate : List.of("-1", "null", "\"soon\"", "[1]", "1e300")) {
            loads(Integer.MAX_VALUE, estimate);
            assertThat(catchThrowableOfType(UnavailableException.class, () -> provider.chat(REQUEST)))
                    .isNotNull();
            assertThat(refusals).hasValue(1);
        }
    }

    @Test
    void closingTheStreamEndsTheWait() throws Exception {
        loads(Integer.MAX_VALUE, "30");
        CompletionStream stream = provider.streamChat(REQUEST);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                stream.hasNext();
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        while (refusals.get() == 0) {
            Thread.onSpinWait();
        }
        stream.close();
        assertThat(reader.join(Duration.ofSeconds(3))).isTrue();
        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
        assertThat(refusals).hasValue(1);
    }
}
