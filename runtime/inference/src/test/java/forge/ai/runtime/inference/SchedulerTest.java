package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.CancelledException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.TimedOutException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.Batching;
import forge.ai.runtime.inference.Simulation.Computed;
import forge.ai.runtime.inference.Simulation.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine decides, on a clock of its own: the times are exact. */
@Timeout(60)
class SchedulerTest {

    private static final Duration DELAY = Duration.ofMillis(2);
    private static final Batching BATCHING = new Batching(true, 32, DELAY, List.of());
    private static final Duration LONG = Duration.ofMillis(1200);
    private static final Duration SHORT = Duration.ofMillis(240);
    private static final Batching ALONE = new Batching(false, 1, Duration.ZERO, List.of());

    private static long micros(double count) {
        return Math.round(count * 1000);
    }

    private static Simulation simulation(Batching batching, int parallel, LongUnaryOperator cost) {
        return new Simulation(batching, parallel, 1024, 2, cost);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingWaitsWhileNothingIsComputed(long seed) throws Exception {
        Random random = new Random(seed);
        Simulation simulation = simulation(BATCHING, 2, rows -> micros(1000 + 50.0 * rows));
        long moment = simulation.time.now();
        for (int i = 0; i < 500; i++) {
            moment += micros(-Math.log(1 - random.nextDouble()) * (100 + 400 * random.nextInt(10)));
            simulation.send(moment, Simulation.rows(1 + random.nextInt(3), 1, i));
        }

        simulation.run();

        for (Sent one : simulation.sent) {
            long began = one.came + one.result.queued().toNanos();
            assertThat(idle(simulation.computed, one.came, began))
                    .as("idle while a request waits")
                    .isZero();
        }
    }

    /** How long nothing was computed within a time. */
    private static long idle(List<Computed> computed, long from, long to) {
        long idle = 0;
        long until = from;
        for (Computed one : computed.stream()
                .sorted((a, b) -> Long.compare(a.from(), b.from()))
                .toList()) {
            if (one.to() > until && one.from() < to) {
                idle += Math.max(0, one.from() - until);
                until = one.to();
            }
        }
        return idle + Math.max(0, to - until);
    }

    /** The share of the requests that were computed with others, of callers in a closed loop in the last third of the time. */
    private static double shared(Duration length, LongUnaryOperator cost) throws Exception {
        Simulation simulation = simulation(BATCHING, 2, cost);
        long began = simulation.time.now();
        for (int caller = 0; caller < 8; caller++) {
            simulation.callAgainUntil(began + length.toNanos(), Simulation.row(caller));
        }
        simulation.run();
        return simulation.sent.stream()
                .filter(one -> one.came > began + length.toNanos() * 2 / 3)
                .mapToInt(one -> one.result.batch() > 1 ? 1 : 0)
                .average()
                .orElseThrow();
    }

    @Test
    void batchesAreMadeWhereTheyPay() throws Exception {
        assertThat(shared(LONG, rows -> micros(2000 + 20.0 * rows)))
                .as("long ones")
                .isGreaterThan(0.8);
        assertThat(shared(SHORT, rows -> micros(80 + 2.0 * rows)))
                .as("short ones")
                .isGreaterThan(0.6);
    }

    @Test
    void noBatchesAreMadeWhereTheyLose() throws Exception {
        assertThat(shared(LONG, rows -> micros(1000 * Math.pow(rows, 1.2))))
                .as("long ones")
                .isZero();
        // But in a trial now and then.
        assertThat(shared(SHORT, rows -> micros(100 * Math.pow(rows, 1.2))))
                .as("short ones")
                .isLessThan(0.2);
    }

    @Test
    void whoWaitsForOthersWaitsForTheSetDelayAtMost() throws Exception {
        Simulation simulation = simulation(BATCHING, 2, rows -> micros(50_000 + 100.0 * rows));
        simulation.send(simulation.after(Duration.ZERO), Simulation.row(1));
        Sent second = simulation.send(simulation.after(Duration.ofMillis(1)), Simulation.row(2));
        Sent third = simulation.send(simulation.after(Duration.ofMillis(2)), Simulation.row(3));

        simulation.run();

        assertThat(second.result.queued()).isEqualTo(DELAY);
        assertThat(third.result.queued()).isEqualTo(Duration.ofMillis(1));
        assertThat(third.result.batch()).isEqualTo(2);
    }

    @Test
    void aSteadyStreamOfUrgentRequestsDoesNotStarveANormalOne() throws Exception {
        Simulation simulation = simulation(ALONE, 1, rows -> micros(1000));
        Sent normal = simulation.send(simulation.after(Duration.ofMillis(50)), Simulation.row(0));
        for (int i = 0; i < 1000; i++) {
            simulation.send(
                    simulation.after(Duration.ofNanos(i * 900_000L)),
                    Simulation.row(i).withPriority(3));
        }

        simulation.run();

        // Three steps of priority are worth 300 ms, of which each has 1111 requests of 1 ms a second.
        assertThat(normal.took()).isBetween(Duration.ofMillis(300), Duration.ofMillis(400));
    }

    @Test
    void theMoreUrgentGoesFirstAndEqualOnesInTheirOrder() throws Exception {
        Simulation simulation = simulation(ALONE, 1, rows -> micros(1000));
        List<Sent> all = new ArrayList<>();
        int[] priorities = {0, 0, 5, -1, 5, 0};
        for (int i = 0; i < priorities.length; i++) {
            all.add(simulation.send(
                    simulation.after(Duration.ofNanos(1000L * i)),
                    Simulation.row(i).withPriority(priorities[i])));
        }

        simulation.run();

        assertThat(all.stream().sorted((a, b) -> Long.compare(a.ended, b.ended)).map(all::indexOf))
                .containsExactly(0, 2, 4, 1, 5, 3);
    }

    @Test
    void aDeadlineThatPassesInTheQueueIsKeptAndNothingComputed() throws Exception {
        Simulation simulation = simulation(ALONE, 1, rows -> micros(50_000));
        simulation.send(simulation.after(Duration.ZERO), Simulation.row(1));
        Sent late = simulation.send(
                simulation.after(Duration.ofMillis(1)), Simulation.row(2).withTimeout(Duration.ofMillis(10)));

        simulation.run();

        assertThat(late.error).isInstanceOf(TimedOutException.class);
        assertThat(late.took()).isEqualTo(Duration.ofMillis(10));
        assertThat(simulation.computed).hasSize(1);
    }

    @Test
    void aDeadlineThatCannotBeKeptIsRefusedAtOnce() throws Exception {
        Simulation simulation = simulation(ALONE, 1, rows -> micros(20_000));
        for (int i = 0; i < 10; i++) {
            simulation.send(simulation.after(Duration.ofMillis(100L * i)), Simulation.row(i));
        }
        InferenceRequest hurried = Simulation.row(2).withTimeout(Duration.ofMillis(5));
        Sent hopeless = simulation.send(simulation.after(Duration.ofSeconds(2)), hurried);

        simulation.run();

        assertThat(hopeless.error).isInstanceOf(TimedOutException.class).hasMessageContaining("takes about");
        assertThat(hopeless.took()).isZero();
        assertThat(simulation.computed).hasSize(10);
    }

    @Test
    void aFullQueueRefusesAtOnceAndACancelledRequestFreesItsPlace() throws Exception {
        Simulation simulation = new Simulation(ALONE, 1, 2, 1, rows -> micros(50_000));
        simulation.send(simulation.after(Duration.ZERO), Simulation.row(0));
        simulation.send(simulation.after(Duration.ofMillis(1)), Simulation.row(1));
        Sent cancelled = simulation.send(simulation.after(Duration.ofMillis(2)), Simulation.row(2));
        Sent refused = simulation.send(simulation.after(Duration.ofMillis(3)), Simulation.row(3));
        simulation.time.at(simulation.after(Duration.ofMillis(4)), () -> simulation.time.interrupt(cancelled.caller));
        Sent accepted = simulation.send(simulation.after(Duration.ofMillis(5)), Simulation.row(4));

        simulation.run();

        assertThat(refused.error).isInstanceOf(ResourceExhaustedException.class);
        assertThat(refused.took()).isZero();
        assertThat(cancelled.error).isInstanceOf(CancelledException.class);
        assertThat(cancelled.took()).isEqualTo(Duration.ofMillis(2));
        assertThat(accepted.result).isNotNull();
        assertThat(simulation.computed).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void onlyEqualShapesAndOutputsShareAComputation(long seed) throws Exception {
        Random random = new Random(seed);
        Simulation simulation = simulation(new Batching(true, 8, DELAY, List.of(4, 6)), 2, rows -> micros(1000));
        long moment = simulation.time.now();
        for (int i = 0; i < 400; i++) {
            moment += micros(random.nextInt(300));
            InferenceRequest request = Simulation.rows(1 + random.nextInt(2), 1 + random.nextInt(2), i);
            simulation.send(moment, random.nextBoolean() ? request : request.withOutputs(Set.of("z")));
        }

        simulation.run();

        assertThat(simulation.computed.stream().mapToInt(Computed::rows).max().orElseThrow())
                .isLessThanOrEqualTo(8);
        assertThat(simulation.computed).as("preferred sizes").anyMatch(one -> one.rows() == 6);
        for (Sent one : simulation.sent) {
            // A computation of other columns or outputs could not have given this.
            assertThat(one.result.outputs().keySet())
                    .isEqualTo(one.request.outputs().isEmpty() ? Set.of("y") : Set.of("z"));
            assertThat(one.result.outputs().values().iterator().next())
                    .isEqualTo(one.request.inputs().get("x"));
        }
    }

    @Test
    void aSimulationIsTheSameEachTime() throws Exception {
        LongUnaryOperator cost = rows -> micros(80 + 5.0 * rows);
        assertThat(shared(SHORT, cost)).isEqualTo(shared(SHORT, cost));
    }
}
