package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.Batching;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The real lane of a model on {@link VirtualTime}; the model takes the time that it is told, on some cores. */
final class Simulation {

    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("x", DataType.FP32, -1, -1)),
            List.of(new TensorSpec("y", DataType.FP32, -1, -1), new TensorSpec("z", DataType.FP32, -1, -1)),
            true,
            Map.of());

    final VirtualTime time = new VirtualTime();
    final List<Computed> computed = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    private final OneModelRegistry registry;
    private final Lane lane;

    /** One computation of the model. */
    record Computed(long from, long to, int rows, long columns, Set<String> outputs) {}

    /** A request and what became of it. */
    static final class Sent {
        final long came;
        final InferenceRequest request;
        long ended;

        @Nullable
        InferenceResult result;

        @Nullable
        ForgeException error;

        @Nullable
        Thread caller;

        Sent(long came, InferenceRequest request) {
            this.came = came;
            this.request = request;
        }

        Duration took() {
            return Duration.ofNanos(ended - came);
        }
    }

    /** @param cost nanoseconds for so many rows on one core */
    Simulation(Batching batching, int parallel, int queue, int cores, LongUnaryOperator cost) {
        registry = new OneModelRegistry(new Timed(cores, cost), batching);
        Settings settings = Settings.of(Configs.of(Map.of("parallel", parallel, "queue", queue)));
        lane = new Lane("m version 3", () -> settings, time, time, new Watchdog());
    }

    private final class Timed implements LoadedModel {
        private final long[] free;
        private final LongUnaryOperator cost;

        Timed(int cores, LongUnaryOperator cost) {
            this.free = new long[cores];
            this.cost = cost;
        }

        @Override
        public ModelSignature signature() {
            return SIGNATURE;
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
            Tensor x = inputs.get("x");
            int rows = (int) x.dimension(0);
            long from = time.now();
            Arrays.sort(free);
            free[0] = Math.max(from, free[0]) + cost.applyAsLong(rows);
            time.sleep(free[0] - from);
            computed.add(new Computed(from, time.now(), rows, x.dimension(1), outputs));
            return outputs.contains("z") ? Map.of("z", x) : Map.of("y", x);
        }

        @Override
        public void close() {}
    }

    static InferenceRequest row(float value) {
        return rows(1, 1, value);
    }

    static InferenceRequest rows(int rows, int columns, float value) {
        float[] values = new float[rows * columns];
        Arrays.fill(values, value);
        return InferenceRequest.of("m", Map.of("x", Tensor.ofFloats(new long[] {rows, columns}, values)));
    }

    long after(Duration duration) {
        return time.now() + duration.toNanos();
    }

    /** Sends a request at some time. */
    Sent send(long moment, InferenceRequest request) {
        Sent one = new Sent(moment, request);
        sent.add(one);
        one.caller = time.at(moment, () -> infer(one));
        return one;
    }

    /** A caller who asks again at once, until some time. */
    void callAgainUntil(long moment, InferenceRequest request) {
        time.at(time.now(), () -> {
            while (time.now() < moment) {
                Sent one = new Sent(time.now(), request);
                sent.add(one);
                infer(one);
            }
        });
    }

    private void infer(Sent one) {
        try {
            one.result = lane.infer(
                    one.request, registry.acquire("m", VersionSelector.DEFAULT), Limit.of(one.request, time));
        } catch (ForgeException e) {
            one.error = e;
        }
        one.ended = time.now();
    }

    /** Until all are answered. */
    void run() throws InterruptedException {
        time.runUntil(Long.MAX_VALUE);
        if (time.stranded() > 0 || registry.leases.get() > 0) {
            throw new AssertionError(time.stranded() + " threads wait and " + registry.leases + " holds are left");
        }
    }
}
