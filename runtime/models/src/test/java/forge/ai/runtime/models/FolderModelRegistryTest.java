package forge.ai.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Constants;

/** Looks at the repository are had by hand, so that each test says what two looks in a row saw. */
@Timeout(60)
class FolderModelRegistryTest extends RepositoryTest {

    @Test
    void aModelIsLoadedWhenTwoLooksSeeItAlike() throws Exception {
        start(Map.of());
        write("one/1/model.number", "7");
        registry.look();
        assertThat(status("one", 1).state()).isEqualTo(ModelState.LOADING);
        assertThat(backend.read).isEmpty();
        registry.look();
        awaitState("one", 1, ModelState.READY);
        assertThat(sum("one", ANY)).isEqualTo(7);
        // What `sha256sum model.number | sha256sum` prints.
        assertThat(status("one", 1).digest())
                .isEqualTo(Hashes.ofText(Hashes.ofText("7") + "  model.number\n"))
                .hasSize(64);
        assertThat(status("one", 1).backend()).isEqualTo("number");
        assertThat(status("one", 1).signature()).isPresent();
    }

    @Test
    void aHalfCopiedFileIsNotLoaded() throws Exception {
        start(Map.of());
        for (String half : List.of("1", "12", "123")) {
            write("one/1/model.number", half);
            registry.look();
        }
        assertThat(backend.read).isEmpty();
        registry.look();
        awaitState("one", 1, ModelState.READY);
        assertThat(backend.read).containsExactly("123");
    }

    @Test
    void hiddenFilesAndForeignFoldersAreNotLookedAt() throws Exception {
        start(Map.of());
        write("one/1/.model.number.part", "1");
        write(".two/1/model.number", "1");
        write("three/latest/model.number", "1");
        looks();
        assertThat(registry.models()).isEmpty();
    }

    @Test
    void whatWasThereBeforeTheStartIsLoadingOnceItsBackendIsBound() throws Exception {
        writeLongAgo("old/1/model.number", "1");
        write("fresh/1/model.number", "2");
        backend.stuck = true;
        start(Map.of());
        assertThat(registry.models()).extracting(ModelStatus::state).containsOnly(ModelState.LOADING);
        backend.stuck = false;
        awaitState("old", 1, ModelState.READY);
        assertThat(backend.read).containsExactly("1");
        registry.look();
        awaitState("fresh", 1, ModelState.READY);
    }

    @Test
    void aNewVersionServesBeforeTheOldOneIsDropped() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        awaitState("one", 1, ModelState.READY);
        backend.stuck = true;
        write("one/2/model.number", "2");
        looks();
        awaitState("one", 2, ModelState.LOADING);
        assertThat(sum("one", ANY)).isEqualTo(1);
        try (ModelLease held = registry.acquire("one", ANY)) {
            backend.stuck = false;
            awaitState("one", 2, ModelState.READY);
            awaitState("one", 1, ModelState.UNLOADING);
            assertThat(sum("one", ANY)).isEqualTo(2);
            assertThat(held.status().version()).isEqualTo(1);
            assertThat(backend.open).hasValue(2);
        }
        awaitState("one", 1, ModelState.UNAVAILABLE);
        assertThat(backend.open).hasValue(1);
        assertThat(events)
                .containsSubsequence("one1 LOADING", "one1 READY", "one2 LOADING", "one2 READY", "one1 UNLOADING");
    }

    @Test
    void aCorruptVersionLeavesTheRunningOneAlone() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        awaitState("one", 1, ModelState.READY);
        write("one/2/model.number", "corrupt");
        looks();
        awaitState("one", 2, ModelState.FAILED);
        assertThat(status("one", 2).reason()).contains("must hold a number");
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThatThrownBy(() -> sum("one", VersionSelector.of(2)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("FAILED: model.number must hold a number");
        restart(Map.of());
        registry.look();
        awaitState("one", 2, ModelState.FAILED);
        awaitState("one", 1, ModelState.READY);
        write("one/2/model.number", "2");
        looks();
        awaitState("one", 2, ModelState.READY);
        assertThat(sum("one", ANY)).isEqualTo(2);
    }

    @Test
    void filesThatChangeInPlaceAreLoadedAgainAndCorruptOnesAreNot() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        awaitState("one", 1, ModelState.READY);
        write("one/1/model.number", "corrupt");
        looks();
        await(() -> !status("one", 1).reason().isEmpty());
        assertThat(status("one", 1).state()).isEqualTo(ModelState.READY);
        assertThat(sum("one", ANY)).isEqualTo(1);
        write("one/1/model.number", "22");
        looks();
        await(() -> sum("one", ANY) == 22);
        assertThat(status("one", 1).reason()).isEmpty();
    }

    @Test
    void aFileThatIsReplacedInPiecesIsLoadedWhenItIsWhole() throws Exception {
        Path file = writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        awaitState("one", 1, ModelState.READY);
        for (String piece : List.of("2", "3", "4")) {
            Files.writeString(
                    file, piece, piece.equals("2") ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
            registry.look();
            assertThat(sum("one", ANY)).isEqualTo(1);
        }
        registry.look();
        await(() -> sum("one", ANY) == 234);
        assertThat(backend.read).containsExactly("1", "234");
    }

    @Test
    void aRemovedModelIsUnloadedAfterTwoLooks() throws Exception {
        Path file = writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        awaitState("one", 1, ModelState.READY);
        Files.delete(file);
        registry.look();
        assertThat(sum("one", ANY)).isEqualTo(1);
        registry.look();
        await(() -> registry.models().isEmpty());
        assertThat(events).contains("one1 UNLOADING");
        assertThatThrownBy(() -> registry.acquire("one", ANY)).isInstanceOf(NotFoundException.class);
        assertThat(backend.open).hasValue(0);
    }

    @Test
    void labelsLeadToVersionsAndOutliveARestart() throws Exception {
        writeLongAgo("one/config.json", "{\"versions\": \"all\", \"labels\": {\"canary\": 2}}");
        for (int version = 1; version <= 3; version++) {
            writeLongAgo("one/" + version + "/model.number", "" + version);
        }
        start(Map.of());
        registry.load("one");
        assertThat(sum("one", ANY)).isEqualTo(3);
        assertThat(sum("one", VersionSelector.labelled("canary"))).isEqualTo(2);
        registry.label("one", "stable", 1);
        registry.label("one", "canary", 3);
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThat(status("one", 3).labels()).containsExactly("canary");
        assertThatThrownBy(() -> registry.label("one", "stable", 9))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("[1, 2, 3]");
        assertThatThrownBy(() -> sum("one", VersionSelector.labelled("none")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("[canary, stable]");
        restart(Map.of());
        registry.load("one");
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThat(sum("one", VersionSelector.labelled("canary"))).isEqualTo(3);
        write("one/config.json", "{\"versions\": \"all\", \"labels\": {\"canary\": 1}}");
        looks();
        assertThat(sum("one", VersionSelector.labelled("canary"))).isEqualTo(1);
    }

    private int[] drawn(String model, int requests) {
        int[] drawn = new int[10];
        for (int i = 0; i < requests; i++) {
            drawn[(int) sum(model, ANY)]++;
        }
        return drawn;
    }

    @Test
    void trafficIsSplitByWeightAmongTheVersionsThatServe() throws Exception {
        writeLongAgo("one/config.json", "{\"traffic\": {\"1\": 90, \"canary\": 10}, \"labels\": {\"canary\": 2}}");
        for (int version = 1; version <= 3; version++) {
            writeLongAgo("one/" + version + "/model.number", "" + version);
        }
        start(Map.of());
        registry.load("one");
        int[] drawn = drawn("one", 10_000);
        // Five standard deviations around the tenth.
        assertThat(drawn[2]).isBetween(850, 1150);
        assertThat(drawn[1]).isEqualTo(10_000 - drawn[2]);
        assertThat(sum("one", VersionSelector.of(3))).isEqualTo(3);
        Files.delete(home.resolve("models/one/2/model.number"));
        looks();
        await(() -> registry.models().size() == 2);
        assertThat(drawn("one", 200)[1]).isEqualTo(200);
    }

    @Test
    void trafficIsChangedByCallAndOutlivesARestart() throws Exception {
        for (int version = 1; version <= 3; version++) {
            writeLongAgo("one/" + version + "/model.number", "" + version);
        }
        start(Map.of());
        registry.load("one");
        assertThat(drawn("one", 100)[3]).isEqualTo(100);
        registry.traffic("one", Map.of("1", 1, "2", 1));
        registry.load("one");
        int[] drawn = drawn("one", 1000);
        assertThat(drawn[1]).isBetween(400, 600);
        assertThat(drawn[2]).isEqualTo(1000 - drawn[1]);
        restart(Map.of());
        registry.load("one");
        assertThat(registry.config("one").serving().traffic()).isEqualTo(Map.of("1", 1, "2", 1));
        assertThat(drawn("one", 100)[3]).isZero();
        assertThatThrownBy(() -> registry.traffic("one", Map.of("9", 1)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("[1, 2, 3]");
        assertThatThrownBy(() -> registry.traffic("one", Map.of("canary", 1)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no label canary");
        for (Map<String, Integer> wrong : List.of(Map.of("1", -1, "2", 2), Map.of("1", 0))) {
            assertThatThrownBy(() -> registry.traffic("one", wrong)).isInstanceOf(InvalidRequestException.class);
        }
        registry.traffic("one", Map.of());
        assertThat(drawn("one", 100)[3]).isEqualTo(100);
        registry.traffic("one", Map.of("1", 1));
        write("one/config.json", "{\"traffic\": {\"3\": 5}}");
        looks();
        assertThat(drawn("one", 100)[3]).isEqualTo(100);
    }

    @Test
    void aChoiceThatCannotBeKeptIsNotMade() throws Exception {
        writeLongAgo("one/config.json", "{\"versions\": \"all\"}");
        writeLongAgo("one/1/model.number", "1");
        writeLongAgo("one/2/model.number", "2");
        start(Map.of());
        registry.load("one");
        registry.label("one", "stable", 1);
        Path next = home.resolve("data/forge.ai.models.json.next");
        Path blocker = Files.createDirectories(next.resolve("blocker"));
        assertThatThrownBy(() -> registry.label("one", "stable", 2)).isInstanceOf(InternalException.class);
        assertThatThrownBy(() -> registry.traffic("one", Map.of("2", 1))).isInstanceOf(InternalException.class);
        assertThatThrownBy(() -> registry.unload("one")).isInstanceOf(InternalException.class);
        assertThat(sum("one", ANY)).isEqualTo(1);
        Files.delete(blocker);
        Files.delete(next);
        registry.label("one", "stable", 2);
        assertThat(sum("one", ANY)).isEqualTo(2);
    }

    @Test
    void aFileOfChoicesWithoutTrafficIsReadToo() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        writeLongAgo("one/2/model.number", "2");
        Path file = home.resolve("data/forge.ai.models.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "{\"loaded\":{},\"unloaded\":{},\"labels\":{\"one\":{\"stable\":{\"version\":1,\"configured\":0}}}}");
        start(Map.of());
        registry.load("one");
        assertThat(sum("one", ANY)).isEqualTo(1);
    }

    @Test
    void wrongKeysOfServingAreRefusedWithWhatIsAllowed() throws Exception {
        Map<String, String> wrong = Map.of(
                "{\"traffic\": {\"1\": -1}}", "traffic.1 is -1; allowed is a whole number from 0",
                "{\"traffic\": {\"1\": 0}}", "at least one of which is 1 or more",
                "{\"traffic\": 5}", "an object of weights",
                "{\"instances\": {\"min\": 3, \"max\": 2}}", "instances.max is 2; allowed is a whole number from 3",
                "{\"instances\": {\"most\": 2}}", "an object with [max, min]",
                "{\"warmup\": \"../other\"}", "the name of a file",
                "{\"warmup\": {\"count\": 0}}", "warmup.count is 0",
                "{\"shadow\": {\"percent\": 10}}", "shadow.version",
                "{\"shadow\": {\"version\": 2, \"percent\": 101}}", "shadow.percent is 101");
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            write("one/config.json", one.getKey());
            looks();
            assertThat(status("one", 1).reason()).contains("config.json", one.getValue());
        }
        assertThat(sum("one", ANY)).isEqualTo(1);
    }

    @Test
    void anUnloadedModelRestsUntilItIsLoadedOrChanged() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        registry.unload("one");
        assertThat(backend.open).hasValue(0);
        assertThat(status("one", 1).state()).isEqualTo(ModelState.UNAVAILABLE);
        restart(Map.of());
        looks();
        assertThat(status("one", 1).state()).isEqualTo(ModelState.UNAVAILABLE);
        registry.load("one");
        assertThat(sum("one", ANY)).isEqualTo(1);
        registry.unload("one");
        write("one/1/model.number", "11");
        looks();
        await(() -> status("one", 1).state() == ModelState.READY);
        assertThat(sum("one", ANY)).isEqualTo(11);
    }

    @Test
    void unloadingWaitsForTheCallsInFlight() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        ModelLease held = registry.acquire("one", ANY);
        CompletableFuture<Void> unloading = CompletableFuture.runAsync(() -> registry.unload("one"));
        awaitState("one", 1, ModelState.UNLOADING);
        assertThatThrownBy(() -> registry.acquire("one", ANY)).isInstanceOf(UnavailableException.class);
        assertThat(unloading).isNotDone();
        assertThat(backend.open).hasValue(1);
        held.close();
        held.close();
        unloading.join();
        assertThat(backend.open).hasValue(0);
    }

    @Test
    void inExplicitModeOnlyCallsLoadAndARestartServesTheSame() throws Exception {
        Map<String, Object> explicit = Map.of("mode", "explicit");
        writeLongAgo("one/1/model.number", "1");
        writeLongAgo("two/1/model.number", "2");
        start(explicit);
        assertThat(registry.models()).extracting(ModelStatus::state).containsOnly(ModelState.UNAVAILABLE);
        registry.load("one");
        write("one/2/model.number", "10");
        write("one/1/model.number", "11");
        looks();
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThat(status("one", 2).state()).isEqualTo(ModelState.UNAVAILABLE);
        restart(explicit);
        looks();
        awaitState("one", 1, ModelState.READY);
        assertThat(status("one", 2).state()).isEqualTo(ModelState.UNAVAILABLE);
        assertThat(status("two", 1).state()).isEqualTo(ModelState.UNAVAILABLE);
        registry.load("one");
        assertThat(sum("one", ANY)).isEqualTo(10);
        write("one/3/model.number", "corrupt");
        looks();
        assertThatThrownBy(() -> registry.load("one"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("one version 3: model.number must hold a number");
        assertThat(sum("one", ANY)).isEqualTo(10);
        assertThatThrownBy(() -> registry.load("three"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("[one, two]");
    }

    @Test
    void aWrongConfigIsNamedAndTheOneBeforeStaysInForce() throws Exception {
        writeLongAgo("one/config.json", "{\"batching\": {\"maxSize\": 0}}");
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        awaitState("one", 1, ModelState.FAILED);
        assertThat(status("one", 1).reason()).contains("config.json", "batching.maxSize is 0", "1 to 65536");
        write("one/config.json", "{\"batching\": {\"maxSize\": 8, \"preferred\": [8, 4]}, \"device\": \"cpu\"}");
        looks();
        awaitState("one", 1, ModelState.READY);
        try (ModelLease lease = registry.acquire("one", ANY)) {
            assertThat(lease.config().batching().maxSize()).isEqualTo(8);
            assertThat(lease.config().batching().preferred()).containsExactly(4, 8);
        }
        write("one/config.json", "{");
        looks();
        assertThat(status("one", 1).reason()).contains("is not JSON");
        assertThat(sum("one", ANY)).isEqualTo(1);
    }

    @Test
    void aModelWithoutABackendSaysWhichThereAre() throws Exception {
        writeLongAgo("one/1/model.unknown", "1");
        writeLongAgo("two/config.json", "{\"backend\": \"other\"}");
        writeLongAgo("two/1/model.number", "1");
        start(Map.of());
        assertThat(status("one", 1).reason()).contains("[model.unknown]", "number (model.number)");
        assertThat(status("two", 1).reason()).contains("there is no backend other now");
        assertThatThrownBy(() -> registry.load("two")).isInstanceOf(UnavailableException.class);
    }

    /** As a backend that goes on to others does, for whose sake it cannot do a thing today. */
    @Test
    void whatABackendCouldNotLoadForWantOfAnotherIsLoadedOnceThatComes() throws Exception {
        writeLongAgo("one/config.json", "{\"backend\": \"lacking\"}");
        writeLongAgo("one/1/model.number", "1");
        AtomicBoolean there = new AtomicBoolean();
        start(Map.of());
        registry.bindBackend(
                source -> {
                    if (!there.get()) {
                        throw new UnsupportedException("the other one is not there");
                    }
                    return backend.load(source);
                },
                Map.of(ModelBackend.NAME, "lacking", Constants.SERVICE_ID, 7L));
        awaitState("one", 1, ModelState.FAILED);

        there.set(true);
        registry.bindBackend(backend::load, Map.of(ModelBackend.NAME, "other", Constants.SERVICE_ID, 8L));

        awaitState("one", 1, ModelState.READY);
    }

    @Test
    void aLoadUnderWayIsThroughBeforeTheRegistryIsClosed() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        backend.stuck = true;
        start(Map.of());
        await(() -> backend.active.get() == 1);
        Thread closing = Thread.ofPlatform().start(registry::deactivate);
        await(() -> closing.getState() == Thread.State.TIMED_WAITING);
        assertThat(backend.active).hasValue(1);
        backend.stuck = false;
        closing.join();
        assertThat(backend.active).hasValue(0);
        assertThat(backend.open).hasValue(0);
    }

    @Test
    void aHangingLoadIsGivenUpAndDoesNotHoldUpOthers() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        backend.stuck = true;
        start(Map.of("parallelLoads", 1, "loadSeconds", 1L));
        await(() -> backend.active.get() == 1);
        writeLongAgo("two/1/model.number", "2");
        await(() -> {
            registry.look();
            return status("one", 1).state() == ModelState.FAILED;
        });
        assertThat(status("one", 1).reason()).isEqualTo("not loaded within 1 s");
        backend.stuck = false;
        awaitState("two", 1, ModelState.READY);
        registry.load("one");
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThat(backend.most).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void theMemoryBudgetRefusesAModelUntilThereIsRoom() throws Exception {
        String large = "1" + " ".repeat(600_000);
        writeLongAgo("one/1/model.number", large);
        start(Map.of("memoryBudgetMiB", 1L));
        registry.load("one");
        write("two/1/model.number", large);
        looks();
        awaitState("two", 1, ModelState.FAILED);
        assertThatThrownBy(() -> registry.load("two"))
                .isInstanceOf(ResourceExhaustedException.class)
                .hasMessageContaining("memoryBudgetMiB=1");
        registry.unload("one");
        awaitState("two", 1, ModelState.READY);
    }

    @Test
    void theRepositoryIsChangedInPlace() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        Path other = home.resolve("other/one/1/model.number");
        Files.createDirectories(other.getParent());
        Files.writeString(other, "5");
        registry.modified(Configs.of(Map.of("repository", "other")));
        looks();
        await(() -> sum("one", ANY) == 5);
        registry.modified(Configs.of(Map.of("repository", "other", "mode", "sometimes")));
        assertThat(sum("one", ANY)).isEqualTo(5);
    }

    @Test
    void aGoneBackendLeavesNothingOpenAndCallsWaitForTheNext() throws Exception {
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        registry.unbindBackend(backend);
        assertThat(backend.open).hasValue(0);
        assertThat(status("one", 1).state()).isEqualTo(ModelState.UNAVAILABLE);
        CompletableFuture<Float> call = CompletableFuture.supplyAsync(() -> sum("one", ANY));
        registry.bindBackend(backend, NumberBackend.properties(2));
        assertThat(call.join()).isEqualTo(1);
    }

    @Test
    void noCallIsLostWhileBackendsVersionsLabelsTrafficAndInstancesChange() throws Exception {
        writeLongAgo("one/config.json", "{\"instances\": {\"min\": 1, \"max\": 3}}");
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch warm = new CountDownLatch(32);
        NumberBackend current = backend;
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 32; i++) {
                executor.execute(() -> {
                    while (!stop.get()) {
                        try {
                            sum("one", ANY);
                            calls.incrementAndGet();
                        } catch (Throwable e) {
                            failures.add(e);
                            stop.set(true);
                        }
                        warm.countDown();
                        Thread.yield();
                    }
                });
            }
            try {
                warm.await();
                for (int swap = 2; swap <= 20; swap++) {
                    NumberBackend next = new NumberBackend();
                    if (swap % 3 == 0) {
                        registry.unbindBackend(current);
                        registry.bindBackend(next, NumberBackend.properties(swap));
                    } else {
                        registry.bindBackend(next, NumberBackend.properties(swap));
                        registry.unbindBackend(current);
                    }
                    assertThat(current.open).hasValue(0);
                    current = next;
                    write("one/" + swap + "/model.number", "" + swap);
                    looks();
                    awaitState("one", swap, ModelState.READY);
                    registry.scale("one", swap, 1 + swap % 3);
                    registry.label("one", "canary", swap);
                    registry.traffic("one", swap % 2 == 0 ? Map.of("canary", 1) : Map.of());
                }
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(calls.get()).isGreaterThan(1000);
        assertThat(sum("one", ANY)).isEqualTo(20);
        registry.unbindBackend(current);
        assertThat(current.open).hasValue(0);
    }
}
