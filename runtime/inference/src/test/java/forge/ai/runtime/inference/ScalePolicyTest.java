package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.model.Instances;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScalePolicyTest {

    private static final Instances LIMITS = new Instances(1, 4);
    private static final int CALM = 5;
    private final ScalePolicy policy = new ScalePolicy();

    private int next(int instances, double busy, int delayMillis) {
        return policy.next(new ScalePolicy.Load(instances, busy, Duration.ofMillis(delayMillis), CALM), LIMITS);
    }

    @Test
    void oneMoreWhereTheyAreBusyAndRequestsWaitTwiceInARow() {
        assertThat(next(1, 1, 20)).isEqualTo(1);
        assertThat(next(1, 1, 20)).isEqualTo(2);
        assertThat(next(2, 2, 20)).isEqualTo(2);
        assertThat(next(2, 2, 20)).isEqualTo(3);
    }

    @Test
    void oneLookIsNoReason() {
        for (int i = 0; i < 20; i++) {
            assertThat(next(1, 1, i % 2 == 0 ? 20 : 0)).isEqualTo(1);
        }
    }

    @Test
    void busyWithoutWaitingAndWaitingWithoutBeingBusyAreNoReasons() {
        for (int i = 0; i < 20; i++) {
            assertThat(next(2, 2, 0)).isEqualTo(2);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(next(2, 1.2, 20)).isEqualTo(2);
        }
    }

    @Test
    void oneLessAfterAGoodWhile() {
        for (int i = 1; i < CALM; i++) {
            assertThat(next(3, 0.9, 0)).isEqualTo(3);
        }
        assertThat(next(3, 0.9, 0)).isEqualTo(2);
        for (int i = 1; i < CALM; i++) {
            assertThat(next(2, 0, 0)).isEqualTo(2);
        }
        assertThat(next(2, 0, 0)).isEqualTo(1);
    }

    @Test
    void aBurstBeginsTheWhileAnew() {
        for (int round = 0; round < 10; round++) {
            for (int i = 1; i < CALM; i++) {
                assertThat(next(2, 0.1, 0)).isEqualTo(2);
            }
            assertThat(next(2, 1, 5)).isEqualTo(2);
        }
    }

    @Test
    void theLimitsHold() {
        for (int i = 0; i < 50; i++) {
            assertThat(next(4, 4, 100)).isEqualTo(4);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(next(1, 0, 0)).isEqualTo(1);
        }
        assertThat(next(7, 7, 100)).isEqualTo(4);
    }

    /** With any steady load it comes to rest: what makes it go up is not met by what makes it go down. */
    @Test
    void aSteadyLoadDoesNotMakeItSwing() {
        for (double load = 0.05; load < 4.5; load += 0.05) {
            ScalePolicy fresh = new ScalePolicy();
            int instances = 1;
            int changes = 0;
            for (int look = 0; look < 500; look++) {
                double busy = Math.min(load, instances);
                Duration delay = load > 0.9 * instances ? Duration.ofMillis(20) : Duration.ZERO;
                int next = fresh.next(new ScalePolicy.Load(instances, busy, delay, CALM), LIMITS);
                changes += next == instances ? 0 : 1;
                instances = next;
            }
            assertThat(changes).as("at a load of %.2f", load).isLessThanOrEqualTo(3);
        }
    }
}
