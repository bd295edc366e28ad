package forge.ai.runtime.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.CancelledException;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.Usage;
import forge.ai.api.tool.ToolLoop;
import forge.ai.api.tool.ToolLoopAnswer;
import forge.ai.api.tool.ToolLoopOptions;
import forge.ai.api.tool.ToolLoopStream;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.BundleJar;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The built bundles in a framework: the loop over the OpenAI provider, an upstream of the test, and a bundle of tools. */
@Timeout(60)
class ToolLoopIT {

    private static final ChatRequest ASK = ChatRequest.of("up/m", Message.user("how warm is it?"));

    @TempDir
    private static Path folder;

    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream();
    private static OsgiFramework framework;
    private static ToolLoop loop;
    private static Bundle tools;

    @BeforeAll
    static void start() throws Exception {
        framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.tool;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String name : new String[] {
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-databind",
            "org.jetbrains.kotlin.osgi-bundle",
            "com.squareup.okio",
            "com.squareup.okhttp3",
            "forge.ai.runtime.llm",
            "forge.ai.provider.openai",
            "forge.ai.runtime.tools"
        }) {
            framework.start(name);
        }
        ConfigurationAdmin admin =
                framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        Configuration provider = admin.getFactoryConfiguration("forge.ai.provider.openai", "up", "?");
        provider.update(new Hashtable<>(Map.of("name", "up", "baseUrl", UPSTREAM.uri() + "/v1", "apiKey", "k")));
        framework.await(LlmProvider.class, "(" + LlmProvider.NAME + "=up)", Duration.ofSeconds(10));
        loop = framework.await(ToolLoop.class, "(objectClass=*)", Duration.ofSeconds(10));
        tools = framework.start(bundle(0));
    }

    private static BundleJar bundle(int version) {
        return new BundleJar(
                "weather" + version,
                Map.of(
                        "Import-Package",
                        "forge.ai.api.llm,forge.ai.api.tool,org.osgi.framework",
                        "Bundle-Activator",
                        WeatherBundle.class.getName()),
                WeatherBundle.class,
                WeatherBundle.class.getDeclaredClasses()[0]);
    }

    @AfterAll
    static void stop() throws Exception {
        framework.close();
        UPSTREAM.close();
    }

    private static JsonNode last(ScriptedExchange exchange) throws Exception {
        JsonNode messages = Json.read(exchange.body()).path("messages");
        return messages.get(messages.size() - 1);
    }

    /** Calls tools first, as given; answers with the last result then. */
    private static void script(String... calls) {
        UPSTREAM.script(exchange -> {
            JsonNode last = last(exchange);
            boolean stream = Json.read(exchange.body()).path("stream").asBoolean();
            String message = last.path("role").asText().equals("tool")
                    ? "{\"role\":\"assistant\",\"content\":" + last.get("content") + "}"
                    : "{\"role\":\"assistant\",\"content\":\"Let me see. \",\"tool_calls\":[" + String.join(",", calls)
                            + "]}";
            boolean done = !message.contains("tool_calls");
            if (stream) {
                stream(exchange, message, done ? "stop" : "tool_calls");
            } else {
                exchange.answer(200, "application/json", """
                        {"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":%s,
                        "finish_reason":"%s"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""".formatted(message, done ? "stop" : "tool_calls"));
            }
        });
    }

    private static void stream(ScriptedExchange exchange, String message, String finish) throws Exception {
        exchange.begin(200, "text/event-stream");
        exchange.chunk(chunk("{\"index\":0,\"delta\":" + message + ",\"finish_reason\":null}"));
        exchange.chunk(chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"" + finish + "\"}"));
        exchange.chunk("data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[],"
                + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\n");
        exchange.chunk("data: [DONE]\n\n");
        exchange.end();
    }

    private static String chunk(String choice) {
        return "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[" + choice
                + "]}\n\n";
    }

    private static String callOf(int index, String name, String arguments) {
        return "{\"index\":%d,\"id\":\"c%d\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":%s}}"
                .formatted(index, index, name, "\"" + arguments.replace("\"", "\\\"") + "\"");
    }

    @Test
    void aMethodOfAServiceAnswersTheModel() throws Exception {
        script(callOf(0, "clock", "{}"), callOf(1, "weather", "{\"city\":\"Bern\"}"));
        int before = UPSTREAM.requests().size();
        ToolLoopAnswer answer = loop.chat(ASK, ToolLoopOptions.DEFAULT);
        assertThat(answer.text()).isEqualTo("21 degrees in Bern");
        assertThat(answer.usage()).contains(Usage.of(14, 6));
        assertThat(answer.steps()).isEqualTo(2);
        assertThat(answer.completion().attribution().orElseThrow().provider()).isEqualTo("up");

        JsonNode offered =
                Json.read(UPSTREAM.requests().get(before).body()).path("tools").path(1);
        assertThat(offered.path("function").path("name").asText()).isEqualTo("weather");
        assertThat(offered.path("function").path("parameters").path("required").toString())
                .isEqualTo("[\"city\"]");
        JsonNode second = Json.read(UPSTREAM.requests().get(before + 1).body()).path("messages");
        assertThat(second).hasSize(4);
        assertThat(second.get(2).path("content").asText()).isEqualTo("noon");
        assertThat(second.get(3).path("tool_call_id").asText()).isEqualTo("c1");
    }

    @Test
    void wrongArgumentsAndFailuresAreToldToTheModel() {
        script(callOf(0, "weather", "{\"town\":\"Bern\"}"));
        assertThat(loop.chat(ASK, ToolLoopOptions.DEFAULT).text()).contains("town: unknown; there are: city");
        script(callOf(0, "weather", "{\"city\":\"Atlantis\"}"));
        assertThat(loop.chat(ASK, ToolLoopOptions.DEFAULT).text()).contains("no such city");
        script(callOf(0, "wether", "{}"));
        assertThat(loop.chat(ASK, ToolLoopOptions.DEFAULT).text()).contains("there are: clock, weather");
    }

    @Test
    void aStreamShowsAllStepsAsOneAnswer() {
        script(callOf(0, "weather", "{\"city\":\"Bern\"}"));
        try (ToolLoopStream stream = loop.streamChat(ASK, ToolLoopOptions.DEFAULT)) {
            List<CompletionEvent> events = new ArrayList<>();
            stream.forEachRemaining(events::add);
            assertThat(events.getFirst()).isInstanceOf(CompletionEvent.Started.class);
            assertThat(events)
                    .filteredOn(CompletionEvent.Started.class::isInstance)
                    .hasSize(1);
            assertThat(events).noneMatch(CompletionEvent.ToolCallStarted.class::isInstance);
            assertThat(events.getLast())
                    .isInstanceOfSatisfying(
                            CompletionEvent.Finished.class,
                            end -> assertThat(end.usage()).contains(Usage.of(14, 6)));
            assertThat(events.stream()
                            .filter(CompletionEvent.TextDelta.class::isInstance)
                            .map(e -> ((CompletionEvent.TextDelta) e).text())
                            .toList())
                    .containsExactly("Let me see. ", "21 degrees in Bern");
            ToolLoopAnswer answer = stream.answer().orElseThrow();
            assertThat(answer.messages()).hasSize(3);
            assertThat(answer.text()).isEqualTo("21 degrees in Bern");
        }
    }

    @Test
    void aStreamShowsTheCallsThatItsReaderHasToRun() {
        script(callOf(0, "mine", "{\"a\":1}"));
        ChatRequest request = ASK.withTools(List.of(new Tool("mine", "", "{\"type\":\"object\"}", false)));
        try (ToolLoopStream stream = loop.streamChat(request, ToolLoopOptions.DEFAULT)) {
            Completion answer = Completion.of(stream);
            assertThat(answer.toolCalls()).containsExactly(new Content.ToolCall("c0", "mine", "{\"a\":1}"));
            assertThat(stream.answer().orElseThrow().end()).isEqualTo(ToolLoopAnswer.End.CALLER_TOOL);
        }
    }

    @Test
    void aComponentIsATool() throws Exception {
        Bundle dice = framework.start("forge.ai.example.tool");
        try {
            assertThat(loop.tools()).extracting(Tool::name).contains("roll");
            Content.ToolResult result =
                    loop.call(new Content.ToolCall("1", "roll", "{\"dice\":3,\"sides\":1}"), Duration.ofSeconds(20));
            assertThat(result).isEqualTo(new Content.ToolResult("1", List.of(new Content.Text("[1,1,1]")), false));
            Content.ToolResult wrong =
                    loop.call(new Content.ToolCall("2", "roll", "{\"dice\":1000}"), Duration.ofSeconds(20));
            assertThat(Content.text(wrong.content())).isEqualTo("error: roll: there are only 1 to 100 dice");
        } finally {
            dice.uninstall();
        }
        assertThat(loop.tools()).extracting(Tool::name).doesNotContain("roll");
    }

    @Test
    void nothingOfABundleOfToolsStays() throws Exception {
        Bundle bundle = framework.start("forge.ai.example.tool");
        WeakReference<ClassLoader> loader =
                new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
        script(callOf(0, "roll", "{\"dice\":2}"));
        loop.chat(ASK, ToolLoopOptions.DEFAULT);
        loop.call(new Content.ToolCall("1", "roll", "{\"dice\":1000}"), Duration.ofSeconds(20));
        bundle.uninstall();
        framework.refresh(bundle);
        await("the class loader is gone", () -> {
            System.gc();
            return loader.get() == null;
        });
    }

    @Test
    void whatTheModelCannotBeAskedIsThrown() {
        assertThatThrownBy(() -> loop.chat(ASK.withModel("nobody/m"), ToolLoopOptions.DEFAULT))
                .isInstanceOf(NotFoundException.class);
        try (ToolLoopStream stream = loop.streamChat(ASK.withModel("nobody/m"), ToolLoopOptions.DEFAULT)) {
            assertThatThrownBy(stream::hasNext).isInstanceOf(NotFoundException.class);
        } catch (NotFoundException e) {
            // At once is as good.
        }
    }

    @Test
    void closingTheStreamEndsTheCallUpstream() throws Exception {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        UPSTREAM.script(exchange -> {
            exchange.begin(200, "text/event-stream");
            exchange.chunk(chunk("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"hi\"}}"));
            gone.complete(exchange.awaitDisconnect(Duration.ofSeconds(20)));
        });
        ToolLoopStream stream = loop.streamChat(ASK, ToolLoopOptions.DEFAULT);
        assertThat(stream.hasNext()).isTrue();
        stream.close();
        assertThat(gone.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptingTheCallerEndsTheCallUpstream() throws Exception {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        UPSTREAM.script(exchange -> {
            asked.complete(null);
            gone.complete(exchange.awaitDisconnect(Duration.ofSeconds(20)));
        });
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                loop.chat(ASK, ToolLoopOptions.DEFAULT);
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        asked.get(20, TimeUnit.SECONDS);
        caller.interrupt();
        assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(gone.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noCallIsLostWhileTheToolsAreReplaced() throws Exception {
        script(callOf(0, "weather", "{\"city\":\"Bern\"}"));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                executor.execute(() -> {
                    while (!stop.get()) {
                        try {
                            String text =
                                    loop.chat(ASK, ToolLoopOptions.DEFAULT).text();
                            if (!text.equals("21 degrees in Bern")) {
                                wrong.add(text);
                            }
                        } catch (Throwable e) {
                            wrong.add(e.toString());
                        }
                        answers.incrementAndGet();
                    }
                });
            }
            for (int i = 1; i <= 10; i++) {
                int before = answers.get();
                Bundle next = framework.start(bundle(i));
                tools.stop();
                tools.uninstall();
                tools = next;
                await("an answer", () -> answers.get() > before + 4);
            }
            stop.set(true);
        }
        assertThat(wrong).isEmpty();
        tools.stop();
        assertThat(loop.tools()).isEmpty();
        tools.start();
        await("the tools", () -> loop.tools().size() == 2);
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
