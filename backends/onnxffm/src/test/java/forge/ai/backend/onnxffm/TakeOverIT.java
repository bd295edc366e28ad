package forge.ai.backend.onnxffm;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.Cancellation;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import forge.ai.runtime.testkit.model.ModelFixtures.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/** Both ways of calling ONNX Runtime in one process, under load: the quicker one serves while it is there. */
@Timeout(120)
class TakeOverIT {

    private static final List<String> NEEDED = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "forge.ai.lib.onnxruntime");

    private static final String MODEL = "digits";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int CALLERS = 4;

    private final Fixture fixture = ModelFixtures.of("onnx").model("digits_cnn.onnx");

    @TempDir
    private Path folder;

    @Test
    void theBackendIsReplacedAndTakenOverWithoutALostCall() throws Exception {
        try (OsgiFramework framework = framework()) {
            Bundle jni = framework.start("forge.ai.backend.onnx");
            ModelRegistry registry = framework.await(ModelRegistry.class, "", LIMIT);
            registry.load(MODEL);
            assertThat(serving(registry)).isEqualTo(jni);
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong calls = new AtomicLong();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Void>> all = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    all.add(callers.submit((Callable<Void>) () -> {
                        while (!over.get()) {
                            compute(registry);
                            calls.incrementAndGet();
                        }
                        return null;
                    }));
                }
                try {
                    Bundle first = framework.start("forge.ai.backend.onnxffm");
                    await(registry, first, calls);
                    Bundle next = framework.startBeside("forge.ai.backend.onnxffm", "0.2.1");
                    await(registry, next, calls);
                    first.uninstall();
                    framework.refresh(first);
                    await(registry, next, calls);
                    next.stop();
                    await(registry, jni, calls);
                    next.start();
                    await(registry, next, calls);
                    jni.stop();
                    await(registry, next, calls);
                } finally {
                    over.set(true);
                }
                for (Future<Void> caller : all) {
                    caller.get(30, TimeUnit.SECONDS);
                }
            }
        }
    }

    private OsgiFramework framework() throws Exception {
        Path place = Files.createDirectories(folder.resolve("models/" + MODEL + "/1"));
        Files.copy(ModelFixtures.folder("onnx").resolve(fixture.file()), place.resolve("model.onnx"));
        System.setProperty("forge.home", folder.toString());
        OsgiFramework framework = OsgiFramework.start(
                folder.resolve("felix"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.inference;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String bundle : NEEDED) {
            framework.start(bundle);
        }
        framework
                .context()
                .getService(framework.context().getServiceReference(ConfigurationAdmin.class))
                .getConfiguration("forge.ai.models", "?")
                .update(new Hashtable<>(
                        Map.of("repository", folder.resolve("models").toString())));
        framework.start("forge.ai.runtime.models");
        return framework;
    }

    private void compute(ModelRegistry registry) {
        Case one = fixture.cases().getFirst();
        try (ModelLease lease = registry.acquire(MODEL, VersionSelector.DEFAULT)) {
            assertClose(
                    lease.model().run(one.inputs(), Set.of(), new Cancellation()), one.outputs(), fixture.tolerance());
        }
    }

    private static Bundle serving(ModelRegistry registry) {
        try (ModelLease lease = registry.acquire(MODEL, VersionSelector.DEFAULT)) {
            return FrameworkUtil.getBundle(lease.model().getClass());
        }
    }

    /** Until that bundle serves, and calls have been answered since. */
    private static void await(ModelRegistry registry, Bundle bundle, AtomicLong calls) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!bundle.equals(serving(registry))) {
            assertThat(System.nanoTime()).as("%s serves", bundle).isLessThan(end);
            Thread.yield();
        }
        long seen = calls.get();
        while (calls.get() < seen + 2 * CALLERS) {
            assertThat(System.nanoTime()).as("calls by %s", bundle).isLessThan(end);
            Thread.yield();
        }
    }
}
