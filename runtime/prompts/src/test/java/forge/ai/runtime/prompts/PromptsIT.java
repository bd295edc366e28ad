package forge.ai.runtime.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.NotFoundException;
import forge.ai.api.llm.Message;
import forge.ai.api.prompt.PromptTemplate;
import forge.ai.api.prompt.PromptTemplates;
import forge.ai.runtime.testkit.OsgiFramework;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The built bundle in a framework, configured by Config Admin alone. */
@Timeout(60)
class PromptsIT {

    @TempDir
    private Path folder;

    private OsgiFramework framework;
    private ConfigurationAdmin admin;
    private PromptTemplates prompts;

    @BeforeEach
    void start() throws Exception {
        framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.prompt;version=0.1.0",
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
            "forge.ai.runtime.prompts"
        }) {
            framework.start(name);
        }
        admin = framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        prompts = framework.await(PromptTemplates.class, "(objectClass=*)", Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    private static Hashtable<String, Object> values(String text) {
        return new Hashtable<>(Map.of(
                "messages",
                new String[] {"{\"role\":\"user\",\"text\":\"" + text + "\"}"},
                "variables",
                "{\"name\":{\"type\":\"string\",\"default\":\"you\"}}"));
    }

    private String greeting() {
        return prompts.render("greet", Map.of()).getFirst().text();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aPromptComesChangesAndGoesWithItsConfiguration() throws Exception {
        assertThatThrownBy(this::greeting)
                .isInstanceOf(NotFoundException.class)
                .hasMessage("no prompt 'greet'; there are none");
        Configuration configuration = admin.getFactoryConfiguration("forge.ai.prompt", "greet", "?");
        configuration.update(values("hello {{name}}"));
        await("the prompt", () -> prompts.list().size() == 1);
        assertThat(prompts.render("greet", Map.of("name", "world"))).containsExactly(Message.user("hello world"));

        configuration.update(values("good day {{name}}"));
        await("the change", () -> greeting().equals("good day you"));

        // Refused: what held before goes on.
        configuration.update(values("{{nobody}}"));
        Hashtable<String, Object> renamed = values("hi {{name}}");
        assertThat(greeting()).isEqualTo("good day you");
        renamed.put("name", "hail");
        configuration.update(renamed);
        await(
                "the new name",
                () -> prompts.list().stream().map(PromptTemplate::name).toList().contains("hail"));
        configuration.delete();
        await("the end", () -> prompts.list().isEmpty());
    }

    @Test
    void noRenderingIsLostWhileThePromptChanges() throws Exception {
        Configuration configuration = admin.getFactoryConfiguration("forge.ai.prompt", "greet", "?");
        configuration.update(values("0 {{name}}"));
        await("the prompt", () -> prompts.list().size() == 1);
        AtomicBoolean stop = new AtomicBoolean();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        // Not virtual threads: callers that never pause would keep the carriers from those that wait for a lock.
        try (var executor = Executors.newThreadPerTaskExecutor(Thread::new)) {
            for (int i = 0; i < 4; i++) {
                executor.execute(() -> {
                    while (!stop.get()) {
                        try {
                            String text = greeting();
                            if (!text.matches("\\d+ you")) {
                                wrong.add(text);
                            }
                        } catch (RuntimeException e) {
                            wrong.add(e.toString());
                        }
                    }
                });
            }
            for (int i = 1; i <= 10; i++) {
                String text = i + " {{name}}";
                if (i % 3 == 0) {
                    // Written anew, as an editor does that replaces the file.
                    configuration.delete();
                    configuration = admin.getFactoryConfiguration("forge.ai.prompt", "greet", "?");
                }
                configuration.update(values(text));
                String expected = i + " you";
                await("change " + i, () -> greeting().equals(expected));
            }
            stop.set(true);
        }
        assertThat(wrong).isEmpty();
    }
}
