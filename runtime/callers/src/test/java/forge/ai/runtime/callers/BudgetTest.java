package forge.ai.runtime.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.QuotaException;
import forge.ai.api.RateLimitedException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On a clock that the test turns, with a ledger that the test writes. */
class BudgetTest {

    private Instant now = Instant.parse("2026-03-10T10:00:00Z");
    private Optional<BigDecimal> booked = Optional.empty();

    private Budget budget(String amount, String window) {
        return new Budget("k", terms(amount, window), () -> now, since -> booked);
    }

    private static Budget.Terms terms(String amount, String window) {
        return new Budget.Terms(Optional.of(new BigDecimal(amount)), BudgetWindow.of(window));
    }

    private static void call(Budget budget, String estimate, String cost) {
        budget.reserve(new BigDecimal(estimate));
        budget.settle(new BigDecimal(estimate), new BigDecimal(cost));
    }

    @Test
    void whatIsSpentStopsTheNextCallForGood() {
        Budget budget = budget("1", "total");
        for (int i = 0; i < 10; i++) {
            call(budget, "0.1", "0.1");
        }
        assertThatThrownBy(() -> call(budget, "0.1", "0.1"))
                .isInstanceOf(QuotaException.class)
                .hasMessageContaining("'k'");
        assertThat(budget.spent()).isEqualByComparingTo("1");
    }

    @Test
    void anEstimateNeverUsesABudgetUp() {
        Budget budget = budget("1", "total");
        for (int i = 0; i < 100; i++) {
            call(budget, "7", "0.01");
        }
        assertThatThrownBy(() -> call(budget, "7", "0.01")).isInstanceOf(QuotaException.class);
    }

    @Test
    void whatIsReservedByCallsInFlightIsRefusedForNowAlone() {
        Budget budget = budget("1", "total");
        budget.reserve(new BigDecimal("0.9"));
        assertThatThrownBy(() -> budget.reserve(new BigDecimal("0.2")))
                .isInstanceOfSatisfying(
                        RateLimitedException.class,
                        e -> assertThat(e.retryAfter()).hasValue(Duration.ofSeconds(1)));
        budget.settle(new BigDecimal("0.9"), new BigDecimal("0.1"));
        call(budget, "0.2", "0.2");
        assertThat(budget.spent()).isEqualByComparingTo("0.3");
    }

    @Test
    void aNewWindowBeginsWithAWholeBudgetAndWithWhatTheLedgerHas() {
        Budget budget = budget("1", "day");
        call(budget, "1", "1");
        now = Instant.parse("2026-03-10T23:59:59Z");
        assertThatThrownBy(() -> call(budget, "1", "1")).isInstanceOf(QuotaException.class);
        now = Instant.parse("2026-03-11T00:00:00Z");
        call(budget, "0.5", "0.5");
        booked = Optional.of(new BigDecimal("1.5"));
        now = now.plusSeconds(2);
        assertThatThrownBy(() -> call(budget, "0.1", "0.1")).isInstanceOf(QuotaException.class);
    }

    @Test
    void whatWasSpentBeforeARestartCounts() {
        booked = Optional.of(new BigDecimal("0.95"));
        Budget budget = budget("1", "month");
        call(budget, "0.05", "0.05");
        booked = Optional.of(BigDecimal.ONE);
        assertThatThrownBy(() -> call(budget, "0.05", "0.05")).isInstanceOf(QuotaException.class);
        budget.change(terms("2", "month"));
        call(budget, "0.05", "0.05");
    }

    @ParameterizedTest
    @CsvSource({
        "hour, 2026-03-10T10:00:00Z",
        "day, 2026-03-10T00:00:00Z",
        "week, 2026-03-09T00:00:00Z",
        "month, 2026-03-01T00:00:00Z",
        "total, 1970-01-01T00:00:00Z",
        "12h, 2026-03-10T00:00:00Z",
        "1d, 2026-03-10T00:00:00Z"
    })
    void aWindowBeginsWhereTheCalendarSaysSo(String window, Instant start) {
        assertThat(BudgetWindow.of(window).start().apply(Instant.parse("2026-03-10T10:20:30Z")))
                .isEqualTo(start);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "year", "0d", "-1h", "10", "99999d"})
    void otherWindowsAreRefusedNamingThoseThatThereAre(String window) {
        assertThatThrownBy(() -> BudgetWindow.of(window))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("budgetWindow")
                .hasMessageContaining("month");
    }

    /** However calls overlap: never more is spent than the budget and one call, and all of it can be. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void manyAtOnceSpendTheBudgetAndNoMore(long seed) throws Exception {
        Budget budget = budget("10", "total");
        AtomicInteger quota = new AtomicInteger();
        BigDecimal most = new BigDecimal("0.05");
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 64; caller++) {
                Random random = new Random(seed * 1000 + caller);
                executor.submit(() -> {
                    while (true) {
                        BigDecimal cost = most.multiply(BigDecimal.valueOf(random.nextInt(1, 101), 2));
                        try {
                            budget.reserve(most);
                        } catch (RateLimitedException e) {
                            Thread.yield();
                            continue;
                        } catch (QuotaException e) {
                            quota.incrementAndGet();
                            return null;
                        }
                        Thread.yield();
                        budget.settle(most, cost);
                    }
                });
            }
        }
        assertThat(quota).hasValue(64);
        assertThat(budget.spent()).isBetween(new BigDecimal("10"), new BigDecimal("10.05"));
    }
}
