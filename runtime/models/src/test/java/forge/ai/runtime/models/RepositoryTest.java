package forge.ai.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.Cancellation;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry over a folder of its own; looks at it are had by hand, so that each test says what two in a row saw. */
@Timeout(60)
abstract class RepositoryTest {

    static final VersionSelector ANY = VersionSelector.DEFAULT;
    static final Map<String, Tensor> ZERO = Map.of("x", Tensor.ofFloats(new long[] {1}, 0));

    @TempDir
    Path home;

    final NumberBackend backend = new NumberBackend();
    final Queue<String> events = new ConcurrentLinkedQueue<>();
    FolderModelRegistry registry;

    @AfterEach
    void stop() {
        if (registry != null) {
            backend.stuck = false;
            registry.deactivate();
            assertThat(backend.open).hasValue(0);
        }
    }

    void start(Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(Map.of("lookMillis", 86_400_000L));
        all.putAll(config);
        registry = new FolderModelRegistry(home, Configs.of(all));
        registry.bindListener(s -> events.add(s.name() + s.version() + " " + s.state()));
        registry.bindBackend(backend, NumberBackend.properties(1));
    }

    void restart(Map<String, Object> config) {
        registry.deactivate();
        start(config);
    }

    Path write(String file, String text) throws IOException {
        Path path = home.resolve("models").resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    Path writeLongAgo(String file, String text) throws IOException {
        return Files.setLastModifiedTime(
                write(file, text), FileTime.from(Instant.now().minusSeconds(60)));
    }

    void looks() {
        registry.look();
        registry.look();
    }

    static void await(BooleanSupplier condition) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it does not come").isLessThan(limit);
            Thread.onSpinWait();
        }
    }

    ModelStatus status(String name, long version) {
        return registry.model(name, VersionSelector.of(version));
    }

    void awaitState(String name, long version, ModelState state) {
        await(() -> registry.models().stream()
                .anyMatch(s -> s.name().equals(name) && s.version() == version && s.state() == state));
    }

    float sum(String model, VersionSelector version) {
        try (ModelLease lease = registry.acquire(model, version)) {
            return lease.model()
                    .run(ZERO, Set.of(), new Cancellation())
                    .get("y")
                    .toFloats()[0];
        }
    }
}
