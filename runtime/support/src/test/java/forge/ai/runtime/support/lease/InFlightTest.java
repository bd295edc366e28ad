package forge.ai.runtime.support.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InFlightTest {

    @Test
    void showsWhatWasPutInAndNotTakenOutAlsoWhenItIsFull() {
        InFlight<Integer> inFlight = new InFlight<>(4);
        assertThat(inFlight.visit(i -> {})).isTrue();
        int[] places = new int[10];
        for (int i = 0; i < 10; i++) {
            places[i] = inFlight.put(i);
        }
        for (int i = 0; i < 10; i += 2) {
            inFlight.remove(places[i], i);
        }
        List<Integer> seen = new ArrayList<>();
        assertThat(inFlight.visit(seen::add)).isFalse();
        assertThat(seen).containsExactlyInAnyOrder(1, 3, 5, 7, 9);
    }

    @Test
    void nothingIsLeftOrLostWithManyThreads() throws Exception {
        InFlight<String> inFlight = new InFlight<>(8);
        Set<String> shown = ConcurrentHashMap.newKeySet();
        CountDownLatch through = new CountDownLatch(8);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String mine = "t" + t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    inFlight.remove(inFlight.put(mine), mine);
                }
                int place = inFlight.put(mine);
                through.countDown();
                while (!shown.contains(mine)) {
                    Thread.onSpinWait();
                }
                inFlight.remove(place, mine);
            }));
        }
        through.await();
        inFlight.visit(shown::add);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(shown).hasSize(8);
        assertThat(inFlight.visit(s -> {})).isTrue();
    }
}
