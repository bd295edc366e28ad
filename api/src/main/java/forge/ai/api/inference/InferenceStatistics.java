package forge.ai.api.inference;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one version of a model has computed since it became ready, and what it does now. The sums are those of the
 * statistics extension of the Open Inference Protocol. They are read one after the other while requests go on, so they
 * may differ by those just being answered. They live as long as the version is ready: when it is unloaded, or the
 * engine is replaced, they begin at 0.
 *
 * @param model the model's name
 * @param version the version
 * @param lastExecution when a computation last ended
 * @param rows how many rows were computed; a request without a batch dimension counts as one
 * @param executions how many computations were made; one may have answered several requests
 * @param success requests answered, with the time from coming to the answer
 * @param failure requests that got an error once the model was found, with the time from coming to the error
 * @param queue how long the requests that were computed waited for their turn
 * @param computeInput how long their inputs were put together
 * @param computeInfer how long the computations took of which they were part
 * @param computeOutput how long the outputs were dealt out
 * @param cacheHit requests answered from the result cache
 * @param cacheMiss requests that looked there in vain
 * @param batches the computations by their number of rows, ascending
 * @param steps the steps of its pipeline
 * @param load what goes on now
 */
public record InferenceStatistics(
        String model,
        long version,
        Optional<Instant> lastExecution,
        long rows,
        long executions,
        Sum success,
        Sum failure,
        Sum queue,
        Sum computeInput,
        Sum computeInfer,
        Sum computeOutput,
        Sum cacheHit,
        Sum cacheMiss,
        List<Batch> batches,
        List<Step> steps,
        Load load) {

    public InferenceStatistics {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(lastExecution, "lastExecution");
        batches = List.copyOf(batches);
        steps = List.copyOf(steps);
    }

    /**
     * How often and how long in all.
     *
     * @param count how often
     * @param total the sum of the times
     */
    public record Sum(long count, Duration total) {

        public static final Sum ZERO = new Sum(0, Duration.ZERO);

        public Sum {
            Objects.requireNonNull(total, "total");
        }
    }

    /**
     * The computations of one size.
     *
     * @param rows how many rows each had; those of more than 128 rows count under the power of two at or below
     * @param computeInput putting together the inputs
     * @param computeInfer computing; its count is the number of computations
     * @param computeOutput dealing out the outputs
     */
    public record Batch(int rows, Sum computeInput, Sum computeInfer, Sum computeOutput) {}

    /**
     * One step of a pipeline.
     *
     * @param part where it stands
     * @param name the name of the step, or of the model
     * @param took how often and how long it was at work
     */
    public record Step(StepTiming.Part part, String name, Sum took) {}

    /**
     * What goes on at one moment.
     *
     * @param waiting requests in the queue
     * @param capacity the most that may wait there
     * @param running computations under way
     * @param parallel the most that may be under way at a time
     */
    public record Load(int waiting, int capacity, int running, int parallel) {}
}
