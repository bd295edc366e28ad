package forge.ai.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several instances of a version, and the memory that there is for them. */
class InstancesTest extends RepositoryTest {

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int MIB = 1 << 20;
    private static final String LARGE = "1" + " ".repeat(600_000);

    @Test
    void theirNumberIsTheOneAskedForWithinTheLimits() throws Exception {
        writeLongAgo("one/config.json", "{\"instances\": {\"min\": 2, \"max\": 4}}");
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        assertThat(backend.open).hasValue(2);
        assertThat(status("one", 1).instances()).isEqualTo(2);
        registry.scale("one", 1, 9);
        await(() -> status("one", 1).instances() == 4);
        assertThat(backend.open).hasValue(4);
        assertThat(backend.threads).containsExactly(Math.max(1, CORES / 4));
        registry.scale("one", 1, 3);
        await(() -> backend.open.get() == 3);
        registry.scale("one", 1, 0);
        await(() -> backend.open.get() == 2);
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThatThrownBy(() -> registry.scale("one", 7, 1)).isInstanceOf(NotFoundException.class);
        registry.unload("one");
        assertThat(backend.open).hasValue(0);
    }

    @Test
    void withoutTheKeyThereIsOneWithAllCores() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        registry.scale("one", 1, 5);
        assertThat(backend.open).hasValue(1);
        assertThat(backend.threads).containsExactly(CORES);
    }

    @Test
    void aCallGetsTheIdlestAndOneThatLeavesIsClosedAfterItsCalls() throws Exception {
        writeLongAgo("one/config.json", "{\"instances\": {\"min\": 1, \"max\": 3}}");
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        registry.scale("one", 1, 3);
        await(() -> status("one", 1).instances() == 3);
        List<ModelLease> held = new ArrayList<>();
        Set<Object> models = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            held.add(registry.acquire("one", ANY));
            models.add(held.getLast().model());
        }
        assertThat(models).hasSize(3);
        registry.scale("one", 1, 1);
        assertThat(status("one", 1).instances()).isEqualTo(1);
        assertThat(backend.open).hasValue(3);
        assertThat(sum("one", ANY)).isEqualTo(1);
        held.forEach(ModelLease::close);
        await(() -> backend.open.get() == 1);
    }

    @Test
    void aNewVersionTakesOverWithAsManyInstances() throws Exception {
        writeLongAgo("one/config.json", "{\"instances\": {\"min\": 1, \"max\": 3}}");
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        registry.scale("one", 1, 3);
        await(() -> status("one", 1).instances() == 3);
        write("one/2/model.number", "2");
        looks();
        awaitState("one", 2, ModelState.READY);
        assertThat(status("one", 2).instances()).isEqualTo(3);
        await(() -> backend.open.get() == 3);
    }

    @Test
    void furtherInstancesThatCannotBeLoadedLeaveThoseThereAlone() throws Exception {
        writeLongAgo("one/config.json", "{\"instances\": {\"min\": 1, \"max\": 3}}");
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        backend.refuses = true;
        registry.scale("one", 1, 2);
        await(() -> backend.attempts.get() == 2 && registry.idle());
        backend.refuses = false;
        write("one/1/model.number", "corrupt");
        registry.scale("one", 1, 2);
        await(registry::idle);
        assertThat(backend.attempts).hasValue(2);
        assertThat(status("one", 1).state()).isEqualTo(ModelState.READY);
        assertThat(status("one", 1).instances()).isEqualTo(1);
        assertThat(sum("one", ANY)).isEqualTo(1);
    }

    @Test
    void furtherInstancesAreNotMadeWhereMemoryLacks() throws Exception {
        writeLongAgo("one/config.json", "{\"instances\": {\"min\": 1, \"max\": 3}}");
        writeLongAgo("one/1/model.number", LARGE);
        start(Map.of("memoryBudgetMiB", 1L));
        registry.load("one");
        registry.scale("one", 1, 3);
        assertThat(status("one", 1).instances()).isEqualTo(1);
        assertThat(backend.read).hasSize(1);
        assertThat(status("one", 1).state()).isEqualTo(ModelState.READY);
        assertThat(status("one", 1).memory()).isGreaterThanOrEqualTo(LARGE.length());
    }

    @Test
    void aNewModelTakesTheRoomOfInstancesBeyondTheFewest() throws Exception {
        writeLongAgo("one/config.json", "{\"instances\": {\"min\": 1, \"max\": 3}}");
        writeLongAgo("one/1/model.number", "1" + " ".repeat(3 * MIB));
        start(Map.of());
        registry.load("one");
        registry.scale("one", 1, 3);
        await(() -> status("one", 1).instances() == 3);
        long each = status("one", 1).memory() / 3;
        long budget = 3 * each / MIB + 1;
        registry.modified(Configs.of(Map.of("lookMillis", 86_400_000L, "memoryBudgetMiB", budget)));
        write("two/1/model.number", "2" + " ".repeat(2 * MIB));
        looks();
        awaitState("two", 1, ModelState.READY);
        assertThat(status("one", 1).instances()).isLessThan(3);
        write("three/1/model.number", "3" + " ".repeat((int) budget * MIB));
        looks();
        awaitState("three", 1, ModelState.FAILED);
        assertThatThrownBy(() -> registry.load("three")).isInstanceOf(ResourceExhaustedException.class);
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThat(sum("two", ANY)).isEqualTo(2);
    }
}
