package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The built bundle in a framework with the libraries it needs, configured by Config Admin alone. */
@Timeout(120)
class OpenAiProviderIT {

    private static final List<String> NEEDED = List.of(
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
            "forge.ai.runtime.llm");
    private static final String NAME = "forge.ai.provider.openai";
    private static final CompletionRequest TEXT = CompletionRequest.of(OpenAiServer.MODEL, "hello");
    private static final ChatRequest HELLO = ChatRequest.of(OpenAiServer.MODEL, Message.user("hello"));

    @TempDir
    private Path folder;

    private final ScriptedUpstream server = new ScriptedUpstream();
    private final OpenAiServer answers = new OpenAiServer();
    private OsgiFramework framework;
    private ConfigurationAdmin admin;
    private Bundle bundle;

    @BeforeEach
    void start() throws Exception {
        framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String bundle : NEEDED) {
            framework.start(bundle);
        }
        bundle = framework.start(NAME);
        admin = framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        server.script(answers::answer);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
        server.close();
    }

    private Configuration configure(String apiKey, String organization) throws Exception {
        Configuration configuration = admin.getFactoryConfiguration(NAME, "x", "?");
        configuration.update(values(apiKey, organization));
        return configuration;
    }

    private Hashtable<String, Object> values(String apiKey, String organization) {
        return new Hashtable<>(
                Map.of("name", "x", "baseUrl", server.uri() + "/v1", "apiKey", apiKey, "organization", organization));
    }

    private LlmProvider provider() throws Exception {
        return framework.await(LlmProvider.class, "(" + LlmProvider.NAME + "=x)", Duration.ofSeconds(10));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aConfigurationMakesTheServiceAppearAndItsEndTakesItAway() throws Exception {
        assertThat(framework.context().getServiceReferences(LlmProvider.class, null))
                .isEmpty();
        Configuration configuration = configure("key-0", "");
        LlmProvider provider = provider();

        assertThat(provider.models()).extracting(LlmModel::id).containsExactly(OpenAiServer.MODEL);
        assertThat(provider.chat(HELLO).text()).isEqualTo("olleh");
        assertThat(Completion.of(provider.streamChat(HELLO)).text()).isEqualTo("olleh");
        assertThat(provider.complete(TEXT).text()).isEqualTo("olleh");
        assertThat(Completion.of(provider.streamCompletion(TEXT)).text()).isEqualTo("olleh");
        assertThat(provider.embed(EmbeddingRequest.of(OpenAiServer.MODEL, "abc"))
                        .vectors())
                .containsExactly(new float[] {3, 1});
        assertThat(server.requests()).extracting(x -> x.header("Authorization")).containsOnly("Bearer key-0");

        configuration.delete();
        await("the service goes", () -> {
            try {
                return framework
                        .context()
                        .getServiceReferences(LlmProvider.class, null)
                        .isEmpty();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Eight callers, half of them with streams, until the changes are through; no call may fail. */
    private static void underLoad(LlmCalls calls, ChatRequest request, Changes changes) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                boolean streams = i % 2 == 0;
                callers.execute(() -> {
                    while (!stop.get()) {
                        try {
                            assertThat(calls.answer(request, streams).text()).isEqualTo("olleh");
                            answers.incrementAndGet();
                        } catch (Throwable e) {
                            failures.add(e);
                        }
                    }
                });
            }
            try {
                changes.make(answers);
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(answers.get()).isGreaterThan(100);
    }

    private interface LlmCalls {
        Completion answer(ChatRequest request, boolean streams);
    }

    private interface Changes {
        void make(AtomicInteger answers) throws Exception;
    }

    @Test
    void newKeysTakeEffectUnderLoadWithoutALostCallOrANewService() throws Exception {
        Configuration configuration = configure("key-0", "org-0");
        LlmProvider provider = provider();
        Queue<Integer> events = new ConcurrentLinkedQueue<>();
        ServiceListener listener = event -> events.add(event.getType());
        framework.context().addServiceListener(listener, "(objectClass=" + LlmProvider.class.getName() + ")");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        server.script(x -> {
            seen.add(x.header("Authorization") + " " + x.header("OpenAI-Organization"));
            answers.answer(x);
        });
        LlmCalls calls =
                (request, streams) -> streams ? Completion.of(provider.streamChat(request)) : provider.chat(request);
        underLoad(calls, HELLO, answered -> {
            for (int change = 1; change <= 20; change++) {
                configuration.update(values("key-" + change, "org-" + change));
                String wanted = "Bearer key-" + change + " org-" + change;
                await(wanted, () -> seen.contains(wanted));
            }
        });
        assertThat(events).doesNotContain(ServiceEvent.REGISTERED, ServiceEvent.UNREGISTERING);
        assertThat(seen).as("key and organization change together").hasSizeLessThanOrEqualTo(21);
    }

    @Test
    void noCallIsLostWhileTheBundleIsReplacedAndNothingOfTheOldOnesStays() throws Exception {
        configure("key-0", "");
        provider();
        LlmService llm = framework.await(LlmService.class, "(objectClass=*)", Duration.ofSeconds(10));
        await("the service knows the provider", () -> !llm.providers().isEmpty());
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        LlmCalls calls = (request, streams) -> streams ? Completion.of(llm.streamChat(request)) : llm.chat(request);
        underLoad(calls, HELLO.withModel("x/" + OpenAiServer.MODEL), answered -> {
            for (int swap = 1; swap <= 8; swap++) {
                old.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
                Bundle next = framework.startBeside(NAME, "0.2." + swap);
                bundle.stop();
                bundle.uninstall();
                bundle = next;
                int before = answered.get();
                await("answers after swap " + swap, () -> answered.get() > before + 20);
            }
        });
        await("the old bundles are collected", () -> {
            System.gc();
            return old.stream().allMatch(loader -> loader.refersTo(null));
        });
    }

    @Test
    void refusedValuesLeaveTheOldOnesInForce() throws Exception {
        Configuration configuration = configure("key-0", "");
        LlmProvider provider = provider();
        Hashtable<String, Object> wrong = values("key-1", "");
        wrong.put("idleTimeoutMillis", -1L);
        configuration.update(wrong);
        configuration.update(values("key-2", ""));

        await("the next good values", () -> {
            assertThat(provider.chat(HELLO).text()).isEqualTo("olleh");
            return server.requests().getLast().header("Authorization").equals("Bearer key-2");
        });
        assertThat(server.requests()).extracting(x -> x.header("Authorization")).doesNotContain("Bearer key-1");
    }
}
