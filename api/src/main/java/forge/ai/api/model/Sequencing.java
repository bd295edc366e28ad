package forge.ai.api.model;

import forge.ai.api.tensor.DataType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the sequences of a model are kept.
 *
 * @param state tensors that go from each request of a sequence to the next; a model with any takes requests of
 *     sequences only
 * @param max the most sequences at a time; more are refused
 * @param idle a sequence that nothing was asked of for so long ends
 * @param drain how long sequences may go on when the model is unloaded
 */
public record Sequencing(List<State> state, int max, Duration idle, Duration drain) {

    /** No state, 1024 sequences, a minute; 10 s when unloaded. */
    public static final Sequencing DEFAULT =
            new Sequencing(List.of(), 1024, Duration.ofMinutes(1), Duration.ofSeconds(10));

    public Sequencing {
        state = List.copyOf(state);
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(drain, "drain");
    }

    /**
     * An output that is the input of the next request; zeros at the start.
     *
     * @param input the input
     * @param output the output that goes there
     * @param type the element type; that of the model's signature if it is empty
     * @param shape the shape; if it is empty, that of the signature with 1 where any size is allowed
     */
    public record State(String input, String output, Optional<DataType> type, Optional<List<Long>> shape) {
        public State {
            Objects.requireNonNull(input, "input");
            Objects.requireNonNull(output, "output");
            Objects.requireNonNull(type, "type");
            shape = shape.map(List::copyOf);
        }
    }
}
