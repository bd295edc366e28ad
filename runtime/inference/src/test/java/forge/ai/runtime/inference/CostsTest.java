package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class CostsTest {

    /** Some computations of random size whose time, in microseconds, is raised now and then by a busy machine. */
    private static Costs learned(int most, IntToDoubleFunction micros) {
        Costs costs = new Costs();
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            int rows = 1 + random.nextInt(most);
            double busy = random.nextInt(3) == 0 ? 1 + 20 * random.nextDouble() : 1;
            costs.note(rows, (long) (1000 * busy * micros.applyAsDouble(rows)), i);
        }
        return costs;
    }

    @Test
    void batchingPaysWhereACallCostsMuchAndARowLittle() {
        assertThat(learned(32, rows -> 300 + 5 * rows).batchingPays()).isTrue();
        assertThat(learned(32, rows -> 100 + 100 * rows).batchingPays()).isTrue();
    }

    @Test
    void batchingDoesNotPayWhereRowsCostTheirTimeAnyway() {
        assertThat(learned(32, rows -> 100 + 5000 * rows).batchingPays()).isFalse();
        assertThat(learned(32, rows -> 1000 * Math.pow(rows, 1.2)).batchingPays())
                .isFalse();
    }

    @Test
    void batchingIsTriedForAWhileWhereNothingIsKnown() {
        Costs costs = learned(1, rows -> 50);
        assertThat(costs.batchingPays()).isTrue();
        for (int i = 0; i < 1000; i++) {
            costs.trial(1);
        }
        assertThat(costs.batchingPays()).isFalse();
    }

    @Test
    void whatIsShortIsKnownByItsRows() {
        Costs costs = learned(32, rows -> 20 + 10 * rows);
        assertThat(costs.brief(1)).isTrue();
        assertThat(costs.brief(10)).isTrue();
        assertThat(costs.brief(30)).isFalse();
        assertThat(new Costs().brief(1)).isFalse();
    }
}
