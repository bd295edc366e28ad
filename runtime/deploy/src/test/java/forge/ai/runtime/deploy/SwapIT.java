package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.deploy.DeploymentState;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

@Timeout(180)
class SwapIT {

    private static final int CALLERS = 8;
    private static final int SWAPS = 20;

    /** The first bundle, one that serves, and those that are leaving or empty. */
    private static final int TURNS = 10;

    @TempDir
    Path folder;

    private final AtomicBoolean end = new AtomicBoolean();
    private final AtomicLong calls = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    private final Set<Long> ids = new HashSet<>();
    private DeployHome home;

    @BeforeEach
    void prepare() throws Exception {
        home = new DeployHome(folder).start();
    }

    @AfterEach
    void stop() throws Exception {
        home.close();
    }

    @Test
    void noCallFailsWhileJarsAreReplacedAndNothingOfTheOldOnesStays() throws Exception {
        home.drop("asking.jar", home.jar("x.asking", "1.0.0", SampleBundles.HEADERS, SampleBundles.asking()));
        home.drop("answer-0.jar", answer(0));
        awaitVersion(0);
        home.await("x.answer", DeploymentState.ACTIVE);
        Callable<?> asking = home.framework().await(Callable.class, "(role=asking)", Duration.ofSeconds(20));
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int i = 0; i < CALLERS; i++) {
                callers.execute(() -> call(asking));
            }
            try {
                swapAll();
            } finally {
                end.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(calls.get()).isGreaterThan(SWAPS * CALLERS);
        assertThat(asking.call()).isEqualTo("1.0." + SWAPS);
        DeployHome.await(() -> home.installed("x.answer") == 1);
        assertThat(ids).as("bundles that took turns").hasSizeLessThanOrEqualTo(TURNS);
        DeployHome.await(() -> copies() == 2);
        loaders.removeLast();
        DeployHome.await(() -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.refersTo(null));
        });
        Files.delete(home.deploy("answer-" + SWAPS / 2 + ".jar"));
        DeployHome.await(() -> Stream.of(home.framework().context().getBundles())
                .noneMatch(bundle -> bundle.getSymbolicName().startsWith("x.answer")));
    }

    private long copies() throws IOException {
        try (Stream<Path> copies = Files.list(home.home().resolve("data/deploy/bundles"))) {
            return copies.count();
        }
    }

    /** Half of them under a new name, the old file deleted later; half copied over the file in place. */
    private void swapAll() throws Exception {
        for (int version = 1; version <= SWAPS; version++) {
            if (version <= SWAPS / 2) {
                home.drop("answer-" + version + ".jar", answer(version));
                awaitVersion(version);
                Files.delete(home.deploy("answer-" + (version - 1) + ".jar"));
            } else {
                Files.copy(
                        answer(version),
                        home.deploy("answer-" + SWAPS / 2 + ".jar"),
                        StandardCopyOption.REPLACE_EXISTING);
                awaitVersion(version);
            }
        }
    }

    private Path answer(int version) throws Exception {
        return home.jar("x.answer", "1.0." + version, SampleBundles.HEADERS, SampleBundles.answer());
    }

    private void awaitVersion(int version) throws Exception {
        DeployHome.await(() -> home.running("x.answer").equals(List.of("1.0." + version)));
        Bundle bundle = Stream.of(home.framework().context().getBundles())
                .filter(b -> "x.answer".equals(b.getSymbolicName()) && b.getState() == Bundle.ACTIVE)
                .findFirst()
                .orElseThrow();
        ids.add(bundle.getBundleId());
        loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    }

    private void call(Callable<?> asking) {
        while (!end.get()) {
            try {
                asking.call();
                calls.incrementAndGet();
            } catch (Exception e) {
                failures.add(e);
            }
        }
    }
}
