package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.ProtocolException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.ConfigurationAdmin;

/** The LLM service over this provider and two upstreams: what happens on the wire, as a caller sees it. */
@Timeout(60)
class RoutedCallsIT {

    private static final int TRIES = 15;
    private static final Duration CANCEL = Duration.ofMillis(100);

    @TempDir
    private static Path folder;

    private static final ScriptedUpstream FIRST = new ScriptedUpstream();
    private static final ScriptedUpstream SECOND = new ScriptedUpstream();
    private static OsgiFramework framework;
    private static LlmService llm;

    @BeforeAll
    static void start() throws Exception {
        framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String bundle : List.of(
                "org.osgi.util.function",
                "org.osgi.util.promise",
                "org.osgi.service.component",
                "org.apache.felix.configadmin",
                "org.apache.felix.scr",
                "com.fasterxml.jackson.core.jackson-core",
                "com.fasterxml.jackson.core.jackson-annotations",
                "com.fasterxml.jackson.core.jackson-databind",
                "org.jetbrains.kotlin.osgi-bundle",
                "com.squareup.okio",
                "com.squareup.okhttp3",
                "forge.ai.runtime.llm",
                "forge.ai.provider.openai")) {
            framework.start(bundle);
        }
        ConfigurationAdmin admin =
                framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        provider(admin, "first", FIRST);
        provider(admin, "second", SECOND);
        admin.getFactoryConfiguration("forge.ai.route", "both", "?")
                .update(new Hashtable<>(Map.of("targets", new String[] {"first/m", "second/m"})));
        llm = framework.await(LlmService.class, "(objectClass=*)", Duration.ofSeconds(10));
        await(() -> llm.routes().size() == 1);
    }

    private static void provider(ConfigurationAdmin admin, String name, ScriptedUpstream upstream) throws Exception {
        admin.getFactoryConfiguration("forge.ai.provider.openai", name, "?")
                .update(new Hashtable<>(Map.of("name", name, "baseUrl", upstream.uri() + "/v1", "apiKey", "k")));
        framework.await(LlmProvider.class, "(" + LlmProvider.NAME + "=" + name + ")", Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() throws Exception {
        framework.close();
        FIRST.close();
        SECOND.close();
    }

    @BeforeEach
    void answerWell() {
        FIRST.script(exchange -> well(exchange, "first"));
        SECOND.script(exchange -> well(exchange, "second"));
    }

    private static ChatRequest ask(String model) {
        return ChatRequest.of(model, Message.user("hello"));
    }

    private static void well(ScriptedExchange exchange, String text) throws Exception {
        if (exchange.body().contains("\"stream\":true")) {
            exchange.begin(200, "text/event-stream");
            exchange.chunk(content(text));
            exchange.chunk(finish());
            exchange.end();
        } else {
            exchange.answer(200, "application/json", """
                    {"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,
                     "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}]}""".formatted(text));
        }
    }

    private static String content(String text) {
        return "data: {\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"},\"finish_reason\":null}]}\n\n";
    }

    private static String finish() {
        return "data: {\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: [DONE]\n\n";
    }

    private static long posts(ScriptedUpstream upstream) {
        return upstream.requests().stream()
                .filter(r -> r.method().equals("POST"))
                .count();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** A busy machine may be slow now and then: the middle of several tries counts. */
    private static void assertMedianWithin(Duration limit, List<Long> nanos) {
        Collections.sort(nanos);
        assertThat(Duration.ofNanos(nanos.get(nanos.size() / 2))).isLessThan(limit);
    }

    @Test
    void closingAStreamReachesTheUpstreamWithinATenthOfASecond() throws Exception {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            CompletableFuture<Long> gone = new CompletableFuture<>();
            FIRST.script(exchange -> {
                exchange.begin(200, "text/event-stream");
                exchange.chunk(content("hi"));
                exchange.awaitDisconnect(Duration.ofSeconds(20));
                gone.complete(System.nanoTime());
            });
            CompletionStream stream = llm.streamChat(ask("both"));
            stream.next();
            long closed = System.nanoTime();
            stream.close();
            times.add(gone.get(20, TimeUnit.SECONDS) - closed);
        }
        assertMedianWithin(CANCEL, times);
    }

    @Test
    void interruptingACallerReachesTheUpstreamWithinATenthOfASecond() throws Exception {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            CompletableFuture<Long> gone = new CompletableFuture<>();
            FIRST.script(exchange -> {
                asked.complete(null);
                exchange.awaitDisconnect(Duration.ofSeconds(20));
                gone.complete(System.nanoTime());
            });
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    llm.chat(ask("both"));
                } catch (RuntimeException e) {
                    // Interrupted.
                }
            });
            asked.get(20, TimeUnit.SECONDS);
            long interrupted = System.nanoTime();
            caller.interrupt();
            times.add(gone.get(20, TimeUnit.SECONDS) - interrupted);
        }
        assertMedianWithin(CANCEL, times);
    }

    @Test
    void anUpstreamThatAsksForAPauseGetsIt() {
        List<Long> at = Collections.synchronizedList(new ArrayList<>());
        SECOND.script(exchange -> {
            at.add(System.nanoTime());
            if (at.size() == 1) {
                exchange.answer(429, "application/json", "{\"error\":{\"message\":\"slowly\"}}", "Retry-After: 1");
            } else {
                well(exchange, "second");
            }
        });
        Completion answer = llm.chat(ask("second/m"));
        assertThat(answer.text()).isEqualTo("second");
        assertThat(answer.attribution().orElseThrow().attempts()).isEqualTo(2);
        assertThat(Duration.ofNanos(at.get(1) - at.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aStreamWhoseConnectionBreaksBeforeAnyContentComesFromTheOtherUpstream() {
        FIRST.script(exchange -> {
            exchange.begin(200, "text/event-stream");
            exchange.chunk(
                    "data: {\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n");
            exchange.reset();
        });
        Completion answer = Completion.of(llm.streamChat(ask("both")));
        assertThat(answer.text()).isEqualTo("second");
        assertThat(answer.attribution().orElseThrow().attempts()).isEqualTo(2);
    }

    @Test
    void aStreamThatBreaksOffInTheMiddleIsNoNormalEnd() {
        FIRST.script(exchange -> {
            exchange.begin(200, "text/event-stream");
            exchange.chunk(content("half"));
            exchange.end();
        });
        long before = posts(SECOND);
        CompletionStream stream = llm.streamChat(ask("both"));
        stream.next();
        stream.next();
        assertThatThrownBy(stream::hasNext).isInstanceOf(ProtocolException.class);
        assertThat(posts(SECOND)).isEqualTo(before);
    }

    @Test
    void aWrongRequestIsSentOnce() {
        FIRST.script(exchange -> exchange.answer(
                400,
                "application/json",
                "{\"error\":{\"message\":\"no such field\",\"type\":\"invalid_request_error\"}}"));
        long before = posts(FIRST) + posts(SECOND);
        assertThatThrownBy(() -> llm.chat(ask("both"))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Completion.of(llm.streamChat(ask("both"))))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(posts(FIRST) + posts(SECOND)).isEqualTo(before + 2);
    }

    @Test
    void anAnswerIsGivenAgainUntilItsProviderIsConfiguredAnew() throws Exception {
        ConfigurationAdmin admin =
                framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        provider(admin, "third", FIRST);
        admin.getFactoryConfiguration("forge.ai.route", "kept", "?")
                .update(new Hashtable<>(Map.of("targets", new String[] {"third/m"}, "cache", "all")));
        await(() -> llm.routes().size() == 2);
        long before = posts(FIRST);
        assertThat(llm.chat(ask("kept")).attribution().orElseThrow().cached()).isFalse();
        Completion again = llm.chat(ask("kept"));
        assertThat(again.text()).isEqualTo("first");
        assertThat(again.attribution().orElseThrow().cached()).isTrue();
        assertThat(posts(FIRST)).isEqualTo(before + 1);

        provider(admin, "third", SECOND);
        await(() -> llm.chat(ask("kept")).text().equals("second"));
    }

    @Test
    void aFirstChunkWithoutChoicesAndNoWordOfUsageDoNoHarm() {
        FIRST.script(exchange -> {
            exchange.begin(200, "text/event-stream");
            exchange.chunk(
                    "data: {\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n");
            exchange.chunk(content("fine"));
            exchange.chunk(finish());
            exchange.end();
        });
        Completion answer = Completion.of(llm.streamChat(ask("both")));
        assertThat(answer.text()).isEqualTo("fine");
        assertThat(answer.usage()).isEmpty();
        assertThat(answer.attribution().orElseThrow().attempts()).isEqualTo(1);
    }
}
