package forge.ai.runtime.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.NotFoundException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.conversation.Conversations;
import forge.ai.api.conversation.Turn;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.TokenCount;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.testkit.OsgiFramework;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The built bundles in a framework: conversations over the LLM service and a provider with a small window. */
@Timeout(60)
class ConversationsIT {

    @TempDir
    private static Path folder;

    private static OsgiFramework framework;
    private static Conversations conversations;
    private static Bundle bundle;

    /** Ten characters are a token; answers with how many messages it was given. */
    private static final class Counting implements LlmProvider {
        private final boolean counts;
        private final AtomicInteger countings = new AtomicInteger();

        Counting(boolean counts) {
            this.counts = counts;
        }

        private static long tokens(ChatRequest request) {
            return request.messages().stream().mapToLong(m -> m.text().length()).sum() / 10;
        }

        @Override
        public List<LlmModel> models() {
            return List.of(LlmModel.of("m").withContextTokens(120));
        }

        @Override
        public Completion chat(ChatRequest request) {
            if (request.messages().getLast().text().equals("fail")) {
                throw new UnsupportedException("told to fail");
            }
            return Completion.of("m", request.messages().size() + " messages", Usage.of(tokens(request), 1));
        }

        @Override
        public TokenCount countTokens(ChatRequest request) {
            countings.incrementAndGet();
            if (!counts) {
                throw new UnsupportedException("this provider does not count tokens");
            }
            return new TokenCount(tokens(request), true);
        }
    }

    private static final Counting COUNTING = new Counting(true);

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("forge.home", folder.resolve("home").toString());
        framework = OsgiFramework.start(
                folder.resolve("framework"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.conversation;version=0.1.0",
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
            "forge.ai.runtime.llm"
        }) {
            framework.start(name);
        }
        register("counting", COUNTING);
        register("other", new Counting(false));
        bundle = framework.start("forge.ai.runtime.conversations");
        conversations = framework.await(Conversations.class, "(objectClass=*)", Duration.ofSeconds(10));
        framework.await(LlmService.class, "(objectClass=*)", Duration.ofSeconds(10));
    }

    private static void register(String name, LlmProvider provider) {
        framework
                .context()
                .registerService(LlmProvider.class, provider, new Hashtable<>(Map.of(LlmProvider.NAME, name)));
    }

    @AfterAll
    static void stop() throws Exception {
        framework.close();
        System.clearProperty("forge.home");
    }

    /** A long talk: each message is ten tokens. */
    private static void talk(String id) {
        String previous = "";
        for (int i = 0; i < 20; i++) {
            Turn turn =
                    Turn.of(id + i, previous, List.of(Message.user(text("q" + i)), Message.assistant(text("a" + i))));
            conversations.append(turn);
            previous = turn.id();
        }
    }

    private static String text(String begin) {
        return begin + "x".repeat(100 - begin.length());
    }

    private static List<String> begins(ChatRequest request) {
        return request.messages().stream()
                .map(m -> m.text().replaceAll("x+$", ""))
                .toList();
    }

    private static ChatRequest ask(String model, String text) {
        return ChatRequest.of(model, Message.system("be brief"), Message.user(text))
                .withOptions(GenerationOptions.builder().maxTokens(20).build());
    }

    @Test
    void aConversationIsRememberedByItsName() {
        assertThat(conversations
                        .chat(Caller.ANONYMOUS, "one", ask("counting/m", "a"))
                        .text())
                .isEqualTo("2 messages");
        assertThat(conversations
                        .chat(Caller.ANONYMOUS, "one", ask("counting/m", "b"))
                        .text())
                .isEqualTo("4 messages");
        try (CompletionStream stream = conversations.streamChat(Caller.ANONYMOUS, "one", ask("counting/m", "c"))) {
            assertThat(Completion.of(stream).text()).isEqualTo("6 messages");
        }
        Turn latest = conversations.latest("one").orElseThrow();
        assertThat(conversations.history(latest.id()))
                .extracting(Message::text)
                .containsExactly("a", "2 messages", "b", "4 messages", "c", "6 messages");
    }

    @Test
    void anAnswerThatFailedOrWasGivenUpIsNotKept() {
        assertThatThrownBy(() -> conversations.chat(Caller.ANONYMOUS, "two", ask("counting/m", "fail")))
                .isInstanceOf(UnsupportedException.class);
        try (CompletionStream stream = conversations.streamChat(Caller.ANONYMOUS, "two", ask("counting/m", "a"))) {
            stream.next();
        }
        assertThat(conversations.latest("two")).isEmpty();
        assertThatThrownBy(() -> conversations.chat(Caller.ANONYMOUS, "two", ask("nobody/m", "a")))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void theOldestExchangesAreLeftOutUntilTheProviderCountsFewEnough() {
        talk("exact");
        ChatRequest resumed = conversations.resume("exact19", ask("counting/m", text("now")));
        // 120 less 20 for the answer: 100 tokens; 10 for the question, 1 for the system, 20 for each exchange.
        assertThat(begins(resumed))
                .containsExactly("be brief", "q16", "a16", "q17", "a17", "q18", "a18", "q19", "a19", "now");
        assertThat(COUNTING.countings).hasPositiveValue();
    }

    @Test
    void withoutACountTheEstimateLearnsFromAnswers() {
        talk("guess");
        List<String> before = begins(conversations.resume("guess19", ask("other/m", text("now"))));
        for (int i = 0; i < 30; i++) {
            conversations.chat(Caller.ANONYMOUS, "learn" + i, ask("other/m", text("now")));
        }
        List<String> after = begins(conversations.resume("guess19", ask("other/m", text("now"))));
        // Four characters a token to begin with, then nearly the ten that they are, less the frame of each message.
        assertThat(before).hasSizeLessThan(5).contains("be brief", "now");
        assertThat(after).hasSizeGreaterThan(before.size()).endsWith("q19", "a19", "now");
    }

    @Test
    void aCallOfAToolIsNeverPartedFromItsResult() {
        Message call = new Message(Message.Role.ASSISTANT, List.of(new Content.ToolCall("c1", "f", "{}")));
        conversations.append(Turn.of("call", "", List.of(Message.user(text("do")), call)));
        ChatRequest results = ChatRequest.of(
                        "counting/m",
                        Message.tool(new Content.ToolResult("c1", List.of(new Content.Text(text("r"))), false)))
                .withOptions(GenerationOptions.builder().maxTokens(115).build());
        assertThat(conversations.resume("call", results).messages()).hasSize(3);

        conversations.delete("call");
        conversations.append(Turn.of("rest", "", List.of(results.messages().getFirst(), Message.assistant("done"))));
        assertThat(begins(conversations.resume("rest", ask("counting/m", "now"))))
                .containsExactly("be brief", "done", "now");
    }

    @Test
    void aWindowCanBeConfiguredAndIsTakenInPlace() throws Exception {
        talk("set");
        ConfigurationAdmin admin =
                framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        Configuration configuration = admin.getConfiguration("forge.ai.runtime.conversations", "?");
        configuration.update(new Hashtable<>(Map.of("windows", new String[] {"counting/n=60"})));
        ChatRequest request = ask("counting/n", text("now"));
        await(() -> conversations.resume("set19", request).messages().size() == 4);
        assertThat(begins(conversations.resume("set19", request))).containsExactly("be brief", "q19", "a19", "now");
        configuration.update(new Hashtable<>(Map.of("windows", new String[] {"counting/n"})));
        configuration.update(new Hashtable<>(Map.of("windows", new String[] {"counting/n=1000000"})));
        await(() -> conversations.resume("set19", request).messages().size() == 42);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void noTurnIsLostWhileTheBundleIsReplaced() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        List<String> kept = new ArrayList<>();
        // Not virtual threads: callers that never pause would keep the carriers from those that wait for a lock.
        try (var executor = Executors.newThreadPerTaskExecutor(Thread::new)) {
            List<Future<List<String>>> callers = IntStream.range(0, 4)
                    .mapToObj(caller -> executor.submit(() -> append("swap" + caller + "-", stop)))
                    .toList();
            for (int i = 1; i <= 3; i++) {
                Bundle next = framework.startBeside("forge.ai.runtime.conversations", "9." + i);
                bundle.stop();
                bundle.uninstall();
                bundle = next;
            }
            stop.set(true);
            for (Future<List<String>> caller : callers) {
                kept.addAll(caller.get());
            }
        }
        conversations = framework.await(Conversations.class, "(objectClass=*)", Duration.ofSeconds(10));
        assertThat(kept)
                .isNotEmpty()
                .allSatisfy(id -> assertThat(conversations.turn(id)).isPresent());
    }

    /** As a bundle does that leases the service. */
    private static List<String> append(String prefix, AtomicBoolean stop) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; !stop.get() || i < 10; i++) {
            var reference = framework.context().getServiceReference(Conversations.class);
            Optional<Conversations> service = Optional.ofNullable(reference).map(framework.context()::getService);
            if (service.isPresent()) {
                try {
                    service.get().append(Turn.of(prefix + i, "", List.of(Message.user("x"))));
                    kept.add(prefix + i);
                } catch (UnavailableException e) {
                    // Got hold of just as it was stopped; a lease would have held it.
                }
            }
        }
        return kept;
    }
}
