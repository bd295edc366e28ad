package forge.ai.runtime.support.limit;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.RateLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a clock that the test turns. */
class CallLimiterTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong clock = new AtomicLong(123_456_789);

    private CallLimiter limiter(long requests, long tokens, int parallel) {
        return new CallLimiter(Limits.of(requests, tokens, parallel), clock::get);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private static Duration wait(Entry entry) {
        return ((Entry.Denial) entry).retryAfter().orElseThrow();
    }

    @Test
    void noMoreRequestsThanTheLimitAreLetInAndTheTimeToComeBackIsTrue() {
        CallLimiter limiter = limiter(3, 0, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.enter(1, 1)).isInstanceOf(Pass.class);
            pass(Duration.ofSeconds(10));
        }
        Duration wait = wait(limiter.enter(1, 1));
        assertThat(wait).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        pass(wait.minusNanos(1));
        assertThat(limiter.enter(1, 1)).isInstanceOf(Entry.Denial.class);
        pass(Duration.ofNanos(1));
        assertThat(limiter.enter(1, 1)).isInstanceOf(Pass.class);
        assertThat(limiter.enter(1, 1)).isInstanceOf(Entry.Denial.class);
    }

    @Test
    void tokensAreReservedAndSettledWithWhatWasTaken() {
        CallLimiter limiter = limiter(0, 1000, 0);
        Pass pass = (Pass) limiter.enter(200, 500);
        assertThat(limiter.state().tokens())
                .hasValueSatisfying(t -> assertThat(t.remaining()).isEqualTo(300));
        assertThat(limiter.enter(200, 101)).isInstanceOf(Entry.Denial.class);
        pass.settle(250);
        pass.settle(999);
        assertThat(limiter.state().tokens())
                .hasValueSatisfying(t -> assertThat(t.remaining()).isEqualTo(750));
        Pass more = (Pass) limiter.enter(200, 550);
        more.settle(1750);
        assertThat(limiter.state().tokens())
                .hasValueSatisfying(t -> assertThat(t.remaining()).isZero());
        pass(MINUTE.minusSeconds(1));
        assertThat(limiter.enter(1, 0)).isInstanceOf(Entry.Denial.class);
        pass(Duration.ofSeconds(2));
        assertThat(limiter.enter(1, 0)).isInstanceOf(Pass.class);
    }

    @Test
    void aRequestLargerThanTheLimitIsNeverLetInAndAnAnswerMayTakeWhatIsLeft() {
        CallLimiter limiter = limiter(0, 100, 0);
        assertThat(limiter.enter(101, 0)).isEqualTo(new Entry.Denial("tokensPerMinute = 100", Optional.empty()));
        assertThat(limiter.enter(10, 32_000)).isInstanceOf(Pass.class);
        assertThat(limiter.enter(1, 0)).isInstanceOf(Entry.Denial.class);
    }

    @Test
    void parallelCallsAreLimitedUntilOneEndsAndTheirEndCountsOnce() {
        CallLimiter limiter = limiter(0, 0, 2);
        Pass first = (Pass) limiter.enter(1, 1);
        limiter.enter(1, 1);
        assertThat(wait(limiter.enter(1, 1))).isEqualTo(Duration.ofSeconds(1));
        first.close();
        first.close();
        assertThat(limiter.active()).isEqualTo(1);
        assertThat(limiter.enter(1, 1)).isInstanceOf(Pass.class);
        assertThat(limiter.enter(1, 1)).isInstanceOf(Entry.Denial.class);
    }

    @Test
    void aWithdrawnCallDoesNotCount() {
        CallLimiter limiter = limiter(1, 100, 1);
        ((Pass) limiter.enter(50, 50)).withdraw();
        assertThat(limiter.state())
                .isEqualTo(new RateLimits(
                        Optional.of(new RateLimits.Limit(1, 1, Duration.ZERO)),
                        Optional.of(new RateLimits.Limit(100, 100, Duration.ZERO))));
        assertThat(limiter.enter(50, 50)).isInstanceOf(Pass.class);
    }

    @Test
    void whatWasUsedCountsWhenTheLimitChanges() {
        CallLimiter limiter = limiter(0, 0, 0);
        for (int i = 0; i < 5; i++) {
            limiter.enter(1, 1);
        }
        limiter.change(Limits.of(6, 0, 0));
        assertThat(limiter.enter(1, 1)).isInstanceOf(Pass.class);
        assertThat(limiter.enter(1, 1)).isInstanceOf(Entry.Denial.class);
        assertThat(limiter.state().requests())
                .hasValueSatisfying(r -> assertThat(r.reset()).isBetween(MINUTE, MINUTE.plusSeconds(1)));
    }

    /** Whatever comes when: the sum over every minute, wherever it begins, stays within both limits. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void inNoMinuteTheLimitsAreExceeded(long seed) {
        record Taken(long at, long tokens) {}
        Random random = new Random(seed);
        long requests = 1 + random.nextInt(40);
        long tokens = 100 + random.nextInt(5000);
        CallLimiter limiter = limiter(requests, tokens, 0);
        List<Taken> taken = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            pass(Duration.ofMillis(random.nextInt(random.nextInt(20) == 0 ? 30_000 : 500)));
            long at = clock.get();
            if (limiter.enter(random.nextInt(50), random.nextInt(100)) instanceof Pass pass) {
                // It is settled a little later, with less than was reserved.
                pass(Duration.ofMillis(random.nextInt(3)));
                long real = random.nextLong(pass.tokens + 1);
                pass.settle(real);
                pass.close();
                taken.add(new Taken(at, real));
            }
        }
        assertThat(taken).hasSizeGreaterThan(100);
        for (int first = 0; first < taken.size(); first++) {
            long from = taken.get(first).at();
            List<Taken> minute = taken.subList(first, taken.size()).stream()
                    .takeWhile(t -> t.at() - from < MINUTE.toNanos())
                    .toList();
            assertThat(minute.size()).isLessThanOrEqualTo((int) requests);
            assertThat(minute.stream().mapToLong(Taken::tokens).sum()).isLessThanOrEqualTo(tokens);
        }
        pass(MINUTE.plusSeconds(1));
        assertThat(limiter.state().tokens()).hasValue(new RateLimits.Limit(tokens, tokens, Duration.ZERO));
    }

    @Test
    void manyAtOnceNeverExceedTheLimits() throws Exception {
        CallLimiter limiter = limiter(500, 20_000, 16);
        AtomicInteger in = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        AtomicLong tokens = new AtomicLong();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 64; caller++) {
                Random random = new Random(caller);
                executor.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        if (limiter.enter(random.nextInt(30), random.nextInt(60)) instanceof Pass pass) {
                            most.accumulateAndGet(in.incrementAndGet(), Math::max);
                            calls.incrementAndGet();
                            long real = random.nextLong(pass.tokens + 1);
                            tokens.addAndGet(real);
                            Thread.yield();
                            in.decrementAndGet();
                            pass.settle(real);
                            pass.close();
                        }
                    }
                });
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(16);
        assertThat(calls.get()).isLessThanOrEqualTo(500);
        assertThat(tokens.get()).isLessThanOrEqualTo(20_000);
        assertThat(limiter.active()).isZero();
        RateLimits state = limiter.state();
        assertThat(state.requests().orElseThrow().remaining()).isEqualTo(500 - calls.get());
        assertThat(state.tokens().orElseThrow().remaining()).isEqualTo(20_000 - tokens.get());
    }
}
