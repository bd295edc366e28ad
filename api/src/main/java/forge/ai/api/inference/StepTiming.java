package forge.ai.api.inference;

import java.time.Duration;
import java.util.Objects;

/**
 * How long one step on the way of a request took.
 *
 * @param part which part of the pipeline it belongs to
 * @param name the name of the step, or of the model
 * @param took the time from its beginning to its end; of a model with its wait in the queue
 */
public record StepTiming(Part part, String name, Duration took) {

    public StepTiming {
        Objects.requireNonNull(part, "part");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(took, "took");
    }

    /** The parts of a pipeline, in their order. */
    public enum Part {
        PRE,
        MODEL,
        POST
    }
}
