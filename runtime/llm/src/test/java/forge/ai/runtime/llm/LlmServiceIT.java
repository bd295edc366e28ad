package forge.ai.runtime.llm;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.BundleJar;
import forge.ai.runtime.testkit.OsgiFramework;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The built bundle in a framework; 32 callers while provider bundles are swapped and the route is changed. */
@Timeout(120)
class LlmServiceIT {

    @TempDir
    private Path folder;

    private static BundleJar provider(int version) {
        return new BundleJar(
                "provider" + version,
                Map.of(
                        "Import-Package",
                        "forge.ai.api,forge.ai.api.llm,org.osgi.framework",
                        "Bundle-Activator",
                        NamedProvider.class.getName()),
                NamedProvider.class);
    }

    @Test
    void noCallIsLostWhileProvidersAreSwappedAndTheRouteIsChanged() throws Exception {
        try (OsgiFramework framework = OsgiFramework.start(
                folder,
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1")) {
            for (String bundle : new String[] {
                "org.osgi.util.function",
                "org.osgi.util.promise",
                "org.osgi.service.component",
                "org.apache.felix.configadmin",
                "org.apache.felix.scr",
                "forge.ai.runtime.llm"
            }) {
                framework.start(bundle);
            }
            Bundle serving = framework.start(provider(0));
            LlmService llm = framework.await(LlmService.class, "(objectClass=*)", Duration.ofSeconds(10));
            ConfigurationAdmin admin =
                    framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
            Configuration route = admin.getFactoryConfiguration("forge.ai.route", "quick", "?");
            route.update(new Hashtable<>(Map.of("targets", new String[] {"swapped/m"})));
            while (llm.routes().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(llm.models()).extracting("id").containsExactly("quick", "swapped/m");

            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger answers = new AtomicInteger();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            CountDownLatch warm = new CountDownLatch(32);
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 32; i++) {
                    String model = i % 2 == 0 ? "quick" : "swapped/m";
                    executor.execute(() -> {
                        while (!stop.get()) {
                            try {
                                llm.chat(ChatRequest.of(model, Message.user("hello")));
                                answers.incrementAndGet();
                            } catch (Throwable e) {
                                failures.add(e);
                            }
                            warm.countDown();
                        }
                    });
                }
                warm.await();
                for (int swap = 1; swap <= 20; swap++) {
                    Bundle next = framework.start(provider(swap));
                    serving.stop();
                    serving.uninstall();
                    serving = next;
                    route.update(new Hashtable<>(
                            Map.of("targets", new String[] {"swapped/m" + swap}, "attempts", 1 + swap % 3)));
                }
                stop.set(true);
            }
            assertThat(failures).isEmpty();
            assertThat(answers.get()).isGreaterThan(100);
            while (!llm.routes().getFirst().targets().getFirst().equals("swapped/m20")) {
                Thread.onSpinWait();
            }
            serving.stop();
            assertThat(llm.providers()).isEmpty();
            assertThat(framework.context().getServiceReferences(LlmProvider.class, null))
                    .isEmpty();
        }
    }
}
