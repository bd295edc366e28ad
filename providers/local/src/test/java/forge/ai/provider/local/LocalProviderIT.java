package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.monitoring.MetricsReader;
import forge.ai.provider.local.CachedGpt.Form;
import forge.ai.runtime.testkit.ClassPathBundles;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.llm.ProviderBundleContract;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The built bundle in a framework with the registry, the engine, a backend and the LLM service; one framework, because a
 * native library is loaded once in a process.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalProviderIT {

    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "forge.ai.lib.onnxruntime",
            "forge.ai.lib.tokenizers",
            "forge.ai.backend.onnx",
            "forge.ai.runtime.models",
            "forge.ai.runtime.inference",
            "forge.ai.runtime.llm");
    private static final String NAME = "forge.ai.provider.local";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final GenerationOptions AT_MOST_24 =
            GenerationOptions.builder().maxTokens(24).build();

    @TempDir
    static Path folder;

    private Path models;
    private OsgiFramework framework;
    private ConfigurationAdmin admin;
    private LlmService llm;
    private ModelRegistry registry;
    private Bundle provider;

    @BeforeAll
    void start() throws Exception {
        models = ModelFixtures.folder("hf");
        Path repository = folder.resolve("models");
        copy("tiny-gpt", repository);
        copy("tiny-embedding", repository);
        CachedGpt.write(models.resolve("tiny-gpt"), repository.resolve("cached-gpt/1"), Form.MASKED);
        framework = OsgiFramework.start(
                folder.resolve("felix"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.deploy;version=0.1.0",
                "forge.ai.api.inference;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String bundle : NEEDED) {
            framework.start(bundle);
            if (bundle.equals("org.apache.felix.configadmin")) {
                admin = framework
                        .context()
                        .getService(framework.context().getServiceReference(ConfigurationAdmin.class));
                admin.getConfiguration("forge.ai.models", "?")
                        .update(new Hashtable<>(Map.of("repository", repository.toString())));
            }
        }
        provider = framework.start(NAME);
        llm = framework.await(LlmService.class, "", LIMIT);
        registry = framework.await(ModelRegistry.class, "", LIMIT);
        await(
                "all models are ready",
                () -> registry.models().stream()
                                .filter(m -> m.state() == ModelState.READY)
                                .count()
                        == 3);
    }

    @AfterAll
    void stop() throws Exception {
        if (framework != null) {
            framework.close();
        }
    }

    private void copy(String model, Path repository) throws IOException {
        Path version = Files.createDirectories(repository.resolve(model).resolve("1"));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.onnx")) {
            Files.copy(models.resolve(model).resolve(file), version.resolve(file));
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private JsonNode expected(String model) throws IOException {
        return new ObjectMapper()
                .readTree(models.resolve(model).resolve("expected.json").toFile());
    }

    @Test
    void theBundleIsSmall() throws IOException {
        ProviderBundleContract.assertSmall("forge.ai.provider.local");
    }

    @Test
    void greedyTextEqualsThatOfTheReference() throws Exception {
        LlmProvider service = framework.await(LlmProvider.class, "(" + LlmProvider.NAME + "=local)", LIMIT);
        for (JsonNode one : expected("tiny-gpt").get("cases")) {
            String prompt = one.get("prompt").textValue();
            String text = one.get("text").textValue();
            CompletionRequest request = CompletionRequest.of("tiny-gpt", prompt).withOptions(AT_MOST_24);
            CompletionRequest routed = request.withModel("local/tiny-gpt");

            assertThat(service.complete(request).text()).isEqualTo(text);
            assertThat(llm.complete(routed).text()).isEqualTo(text);
            assertThat(Completion.of(llm.streamCompletion(routed)).text()).isEqualTo(text);
            assertThat(Completion.of(llm.streamChat(chat(prompt))).text()).isEqualTo(text);
        }
    }

    @Test
    void whatIsGeneratedIsMeasured() throws Exception {
        framework.start("forge.ai.lib.opentelemetry");
        Bundle monitoring = framework.start("forge.ai.runtime.monitoring");
        try {
            MetricsReader reader = framework.await(MetricsReader.class, "", LIMIT);
            String prompt =
                    expected("tiny-gpt").get("cases").get(0).get("prompt").textValue();
            llm.chat(chat(prompt));
            Completion.of(llm.streamChat(chat(prompt)));
            for (String name : List.of(
                    "gen_ai.server.request.duration",
                    "gen_ai.server.time_to_first_token",
                    "gen_ai.server.time_per_output_token")) {
                await(name, () -> count(reader, name) == 2);
            }
        } finally {
            monitoring.uninstall();
        }
    }

    private static long count(MetricsReader reader, String name) {
        return reader.read().stream()
                .filter(metric -> metric.name().equals(name))
                .flatMap(metric -> metric.points().stream())
                .filter(point -> point.attributes().equals(Map.of("gen_ai.request.model", "tiny-gpt")))
                .mapToLong(point -> point.distribution().orElseThrow().count())
                .sum();
    }

    private static ChatRequest chat(String prompt) {
        return ChatRequest.of("local/tiny-gpt", Message.user(prompt)).withOptions(AT_MOST_24);
    }

    @Test
    void vectorsEqualThoseOfTheReference() throws Exception {
        JsonNode expected = expected("tiny-embedding");
        for (int i = 0; i < expected.get("texts").size(); i++) {
            String text = expected.get("texts").get(i).textValue();
            float[] vector = llm.embed(EmbeddingRequest.of("local/tiny-embedding", text))
                    .vectors()
                    .getFirst();
            assertThat(vector)
                    .hasSameSizeAs(new float[expected.get("embeddings").get(i).size()]);
            for (int d = 0; d < vector.length; d++) {
                assertThat(vector[d])
                        .isCloseTo(expected.get("embeddings").get(i).get(d).floatValue(), within(1e-4f));
            }
        }
    }

    @Test
    void noStreamIsLostWhileTheBundleIsReplacedAndReconfiguredAndNothingOfTheOldOnesStays() throws Exception {
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        Configuration configuration = admin.getConfiguration(NAME, "?");
        JsonNode cases = expected("tiny-gpt").get("cases");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 8; caller++) {
                JsonNode one = cases.get(caller % cases.size());
                ChatRequest request = chat(one.get("prompt").textValue())
                        .withModel(caller % 2 == 0 ? "local/tiny-gpt" : "local/cached-gpt");
                String text = one.get("text").textValue();
                callers.execute(() -> {
                    while (!stop.get()) {
                        try {
                            assertThat(Completion.of(llm.streamChat(request)).text())
                                    .isEqualTo(text);
                            answers.incrementAndGet();
                        } catch (Throwable e) {
                            failures.add(e);
                        }
                    }
                });
            }
            try {
                for (int swap = 1; swap <= 6; swap++) {
                    old.add(new WeakReference<>(
                            provider.adapt(BundleWiring.class).getClassLoader()));
                    replace(swap);
                    configuration.update(new Hashtable<>(Map.of("maxSequences", 4 + swap)));
                    int before = answers.get();
                    await("answers after swap " + swap, () -> answers.get() > before + 16);
                }
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(answers.get()).isGreaterThan(96);
        configuration.delete();
        await("the old bundles are collected", () -> {
            System.gc();
            return old.stream().allMatch(loader -> loader.refersTo(null));
        });
    }

    @Test
    void noStreamIsLostWhileVersionsOfTheModelComeAndGo() throws Exception {
        JsonNode cases = expected("tiny-gpt").get("cases");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 8; caller++) {
                JsonNode one = cases.get(caller % cases.size());
                ChatRequest request = chat(one.get("prompt").textValue()).withModel("local/cached-gpt");
                callers.execute(() -> {
                    while (!stop.get()) {
                        try {
                            assertThat(Completion.of(llm.streamChat(request)).text())
                                    .isEqualTo(one.get("text").textValue());
                            answers.incrementAndGet();
                        } catch (Throwable e) {
                            failures.add(e);
                        }
                    }
                });
            }
            try {
                for (long version = 2; version <= 4; version++) {
                    long number = version;
                    Form form = version % 2 == 0 ? Form.MERGED : Form.MASKED;
                    Path made = CachedGpt.write(models.resolve("tiny-gpt"), folder.resolve("made" + version), form);
                    Files.move(made, folder.resolve("models/cached-gpt/" + version));
                    await(
                            "version " + version + " serves",
                            () -> registry.models().stream()
                                    .anyMatch(m -> m.name().equals("cached-gpt")
                                            && m.version() == number
                                            && m.state() == ModelState.READY));
                    await(
                            "the version before has gone",
                            () -> registry.models().stream()
                                    .noneMatch(m -> m.name().equals("cached-gpt")
                                            && m.version() == number - 1
                                            && m.state() != ModelState.UNAVAILABLE));
                    int before = answers.get();
                    await("answers of version " + version, () -> answers.get() > before + 16);
                }
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
    }

    /** Side by side, and in place, where the LLM service bridges the gap. */
    private void replace(int swap) throws Exception {
        if (swap % 2 == 0) {
            try (InputStream again = Files.newInputStream(ClassPathBundles.find(NAME))) {
                provider.update(again);
            }
            framework.refresh(provider);
        } else {
            Bundle next = framework.startBeside(NAME, "0.2." + swap);
            provider.stop();
            provider.uninstall();
            provider = next;
        }
    }

    @Test
    void theServiceGoesWithTheBundleAndComesAgain() throws Exception {
        provider.stop();
        assertThat(framework.context().getServiceReferences(LlmProvider.class, null))
                .isEmpty();
        provider.start();
        framework.await(LlmProvider.class, "(" + LlmProvider.NAME + "=local)", LIMIT);
        assertThat(llm.models()).extracting(m -> m.id()).contains("local/tiny-gpt", "local/tiny-embedding");
    }
}
