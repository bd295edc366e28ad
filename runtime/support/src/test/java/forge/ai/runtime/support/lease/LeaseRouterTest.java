package forge.ai.runtime.support.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeaseRouterTest {

    /** A service that knows whether somebody calls it after it was shut down. */
    private static final class Counter {
        private final AtomicBoolean shut = new AtomicBoolean();
        private final AtomicInteger inside = new AtomicInteger();

        boolean call() {
            inside.incrementAndGet();
            try {
                Thread.onSpinWait();
                return !shut.get();
            } finally {
                inside.decrementAndGet();
            }
        }
    }

    private static Map<String, Object> properties(int ranking, long id) {
        return Map.of("service.ranking", ranking, "service.id", id);
    }

    @Test
    void highestRankingFirstThenNewest() {
        LeaseRouter<String> router = new LeaseRouter<>();
        router.add("old", properties(0, 1));
        router.add("new", properties(0, 2));
        router.add("low", properties(-1, 3));
        router.add("high", properties(5, 0));
        assertThat(router.services()).containsExactly("high", "new", "old", "low");
        try (Lease<String> lease = router.acquire().orElseThrow()) {
            assertThat(lease.service()).isEqualTo("high");
            assertThat(router.leases()).isEqualTo(1);
        }
        assertThat(router.leases()).isZero();
    }

    @Test
    void withoutAnyServiceACallFailsAtOnce() {
        LeaseRouter<String> router = new LeaseRouter<>(Duration.ofHours(1), Duration.ofHours(1));
        assertThat(router.acquire()).isEmpty();
    }

    @Test
    void aCallWaitsForTheSuccessor() throws Exception {
        LeaseRouter<String> router = new LeaseRouter<>(Duration.ofSeconds(30), Duration.ofSeconds(30));
        router.add("first", properties(0, 1));
        router.remove("first");
        CompletableFuture<String> served = CompletableFuture.supplyAsync(
                () -> router.acquire().orElseThrow().service());
        router.add("second", properties(0, 2));
        assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo("second");
    }

    @Test
    void aCallGivesUpWhenNoSuccessorComes() {
        LeaseRouter<String> router = new LeaseRouter<>(Duration.ofMillis(50), Duration.ofSeconds(1));
        router.add("only", properties(0, 1));
        router.remove("only");
        assertThat(router.acquire()).isEmpty();
        assertThat(router.abandoned()).isTrue();
    }

    @Test
    void removingWaitsForTheLastLease() throws Exception {
        LeaseRouter<String> router = new LeaseRouter<>(Duration.ofSeconds(1), Duration.ofSeconds(30));
        router.add("busy", properties(0, 1));
        Lease<String> lease = router.acquire().orElseThrow();
        CompletableFuture<Boolean> removed = CompletableFuture.supplyAsync(() -> router.remove("busy"));
        while (!router.services().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(removed).isNotDone();
        lease.close();
        lease.close();
        assertThat(removed.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void removingGivesUpAtTheDrainLimit() {
        LeaseRouter<String> router = new LeaseRouter<>(Duration.ZERO, Duration.ofMillis(20));
        router.add("stuck", properties(0, 1));
        router.acquire().orElseThrow();
        assertThat(router.remove("stuck")).isFalse();
    }

    @Test
    void noCallIsLostAndNoneReachesAServiceThatWasShutDown() throws Exception {
        LeaseRouter<Counter> router = new LeaseRouter<>(Duration.ofSeconds(30), Duration.ofSeconds(30));
        Counter current = new Counter();
        router.add(current, properties(0, 0));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch warm = new CountDownLatch(32);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                callers.add(executor.submit(() -> {
                    while (!stop.get()) {
                        try (Lease<Counter> lease = router.acquire().orElseThrow()) {
                            if (!lease.service().call()) {
                                failures.incrementAndGet();
                            }
                        }
                        if (calls.incrementAndGet() % 10 == 0) {
                            Thread.yield();
                        }
                        warm.countDown();
                    }
                }));
            }
            warm.await();
            for (int swap = 1; swap <= 2000; swap++) {
                Counter next = new Counter();
                if (swap % 2 == 0) {
                    router.add(next, properties(0, swap));
                    assertThat(router.remove(current)).isTrue();
                } else {
                    assertThat(router.remove(current)).isTrue();
                    router.add(next, properties(0, swap));
                }
                assertThat(current.inside).hasValue(0);
                current.shut.set(true);
                current = next;
                int before = calls.get();
                while (calls.get() == before) {
                    Thread.yield();
                }
            }
            stop.set(true);
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        assertThat(failures).hasValue(0);
    }

    @Test
    void namesComeAndGo() {
        LeaseRouters<String> routers = new LeaseRouters<>("name");
        Map<String, Object> a = Map.of("name", "a", "service.id", 1L);
        routers.add("one", a);
        routers.add("nameless", Map.of("service.id", 2L));
        assertThat(routers.names()).containsExactly("a");
        assertThat(routers.acquire("a")).map(Lease::service).contains("one");
        assertThat(routers.acquire("b")).isEmpty();
        assertThat(routers.leases("a")).isEqualTo(1);
    }

    @Test
    void aServiceCanChangeItsRankAndItsName() {
        LeaseRouters<String> routers = new LeaseRouters<>("name");
        Map<String, Object> low = Map.of("name", "a", "service.id", 1L);
        Map<String, Object> high = Map.of("name", "a", "service.id", 1L, "service.ranking", 7);
        routers.add("one", low);
        routers.add("two", Map.of("name", "a", "service.id", 2L));
        assertThat(routers.acquire("a")).map(Lease::service).contains("two");
        routers.update("one", low, high);
        assertThat(routers.acquire("a")).map(Lease::service).contains("one");
        routers.update("one", high, Map.of("name", "b", "service.id", 1L));
        assertThat(routers.acquire("a")).map(Lease::service).contains("two");
        assertThat(routers.acquire("b")).map(Lease::service).contains("one");
        assertThat(routers.present("b")).isTrue();
        assertThat(routers.present("c")).isFalse();
    }
}
