package forge.ai.runtime.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ClassPathBundles;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
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
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
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

/**
 * What the built bundle of every provider with an HTTP upstream must do in a framework, configured by Config Admin alone: it
 * is small, comes and goes with its configuration, takes new values in and is replaced under load without a lost call, and
 * nothing of it stays behind. For a provider's integration test, in the phase {@code verify}.
 */
@Timeout(120)
public abstract class ProviderBundleContract {

    /** The name that {@link #values} give to the provider. */
    protected static final String NAME = "x";

    private static final long MAX_BYTES = 500_000;
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

    @TempDir
    private Path folder;

    /** Runs by {@link #answer}. */
    protected final ScriptedUpstream upstream = new ScriptedUpstream();

    private OsgiFramework framework;
    private ConfigurationAdmin admin;
    private Bundle bundle;

    /** The symbolic name of the bundle, which is the PID of its factory too. */
    protected abstract String symbolicName();

    /** Does what the vendor's server would do. */
    protected abstract void answer(ScriptedExchange exchange) throws Exception;

    /** A model of {@link #answer} that says the last text backwards. */
    protected abstract String model();

    /**
     * A configuration with the name {@link #NAME} for an upstream.
     *
     * @param change 0 or more; tells credentials apart, and -1 for values that must be refused, with other credentials
     */
    protected abstract Map<String, Object> values(URI upstream, int change);

    /** The credentials of {@link #values} as they are sent. */
    protected abstract String credentials(int change);

    /** The credentials that a request came with. */
    protected abstract String credentials(ScriptedExchange exchange);

    /** What else the provider can do, asked of the service itself. */
    protected void assertMore(LlmProvider provider) throws Exception {}

    private ChatRequest hello() {
        return ChatRequest.of(model(), Message.user("hello"));
    }

    @BeforeEach
    final void start() throws Exception {
        framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String needed : NEEDED) {
            framework.start(needed);
        }
        bundle = framework.start(symbolicName());
        admin = framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        upstream.script(this::answer);
    }

    @AfterEach
    final void stop() throws Exception {
        framework.close();
        upstream.close();
    }

    private Configuration configure() throws Exception {
        Configuration configuration = admin.getFactoryConfiguration(symbolicName(), NAME, "?");
        update(configuration, 0);
        return configuration;
    }

    private void update(Configuration configuration, int change) throws Exception {
        configuration.update(new Hashtable<>(values(upstream.uri(), change)));
    }

    private LlmProvider provider() throws Exception {
        return service(LlmProvider.class);
    }

    /** Waits for a service that the bundle publishes under the name of the provider. */
    protected final <T> T service(Class<T> type) throws Exception {
        return framework.await(type, "(" + LlmProvider.NAME + "=" + NAME + ")", Duration.ofSeconds(10));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void theBundleIsSmallAndHoldsNoVendorsLibrary() throws IOException {
        assertSmall(symbolicName());
    }

    /** That the bundle of a provider, this or another, has our own classes alone and few of them. */
    public static void assertSmall(String symbolicName) throws IOException {
        Path jar = ClassPathBundles.find(symbolicName);
        assertThat(Files.size(jar)).isLessThan(MAX_BYTES);
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.stream().map(ZipEntry::getName))
                    .isNotEmpty()
                    .allMatch(name -> name.matches("(META-INF|OSGI-INF|forge)/.*"));
        }
    }

    @Test
    void aConfigurationMakesTheServiceAppearAndItsEndTakesItAway() throws Exception {
        assertThat(framework.context().getServiceReferences(LlmProvider.class, null))
                .isEmpty();
        Configuration configuration = configure();
        LlmProvider provider = provider();

        provider.probe();
        assertThat(provider.models()).extracting(LlmModel::id).containsExactly(model());
        assertThat(provider.chat(hello()).text()).isEqualTo("olleh");
        assertThat(Completion.of(provider.streamChat(hello())).text()).isEqualTo("olleh");
        assertMore(provider);
        assertThat(upstream.requests()).extracting(this::credentials).containsOnly(credentials(0));

        configuration.delete();
        await("the service goes", () -> framework.context().getServiceReference(LlmProvider.class) == null);
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
    void newCredentialsTakeEffectUnderLoadWithoutALostCallOrANewService() throws Exception {
        Configuration configuration = configure();
        LlmProvider provider = provider();
        Queue<Integer> events = new ConcurrentLinkedQueue<>();
        ServiceListener listener = event -> events.add(event.getType());
        framework.context().addServiceListener(listener, "(objectClass=" + LlmProvider.class.getName() + ")");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        upstream.script(x -> {
            seen.add(credentials(x));
            answer(x);
        });
        LlmCalls calls =
                (request, streams) -> streams ? Completion.of(provider.streamChat(request)) : provider.chat(request);
        underLoad(calls, hello(), answered -> {
            for (int change = 1; change <= 20; change++) {
                update(configuration, change);
                String wanted = credentials(change);
                await(wanted, () -> seen.contains(wanted));
            }
        });
        assertThat(events).doesNotContain(ServiceEvent.REGISTERED, ServiceEvent.UNREGISTERING);
        assertThat(seen).as("credentials change together").hasSizeLessThanOrEqualTo(21);
    }

    @Test
    void noCallIsLostWhileTheBundleIsReplacedAndNothingOfTheOldOnesStays() throws Exception {
        configure();
        provider();
        LlmService llm = framework.await(LlmService.class, "(objectClass=*)", Duration.ofSeconds(10));
        await("the service knows the provider", () -> !llm.providers().isEmpty());
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        LlmCalls calls = (request, streams) -> streams ? Completion.of(llm.streamChat(request)) : llm.chat(request);
        underLoad(calls, hello().withModel(NAME + "/" + model()), answered -> {
            for (int swap = 1; swap <= 8; swap++) {
                old.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
                Bundle next = framework.startBeside(symbolicName(), "0.2." + swap);
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
        Configuration configuration = configure();
        LlmProvider provider = provider();
        update(configuration, -1);
        update(configuration, 2);

        await("the next good values", () -> {
            assertThat(provider.chat(hello()).text()).isEqualTo("olleh");
            return credentials(upstream.requests().getLast()).equals(credentials(2));
        });
        assertThat(upstream.requests()).extracting(this::credentials).doesNotContain(credentials(-1));
    }
}
