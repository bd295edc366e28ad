package forge.ai.api.model;

import forge.ai.api.Cancellation;
import forge.ai.api.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/** A model in memory, ready to compute. Methods are called from several threads. */
@ConsumerType
public interface LoadedModel extends AutoCloseable {

    ModelSignature signature();

    /**
     * Brings inputs into the form that the signature describes, where a backend takes others too, such as another
     * numeric type or name. Called before a request is checked and put into a batch; by default inputs stay as they are.
     *
     * @param inputs tensors by name, as a caller gave them
     * @return the same content in the signature's form; what cannot be brought into it stays, to be refused
     */
    default Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        return inputs;
    }

    /**
     * Computes outputs from inputs.
     *
     * @param inputs tensors by name; all that the signature names, as it describes them
     * @param outputs the names of the outputs wanted; empty for those that are usual, which are all unless the backend
     *     says otherwise
     * @param cancellation ends the computation early; a backend that cannot stop one may ignore it
     * @return tensors by name, in the signature's order, which own their data
     * @throws forge.ai.api.InvalidRequestException if a name, type or shape is wrong; the message says what is expected
     * @throws forge.ai.api.CancelledException if cancelled
     * @throws forge.ai.api.InternalException if the computation fails
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation);

    /**
     * As {@link #run(Map, Set, Cancellation)}, for callers that keep large results from call to call, such as the keys and
     * values of a language model: outputs may be written to where the caller wants them.
     *
     * @param places for some of the wanted outputs, tensors of exactly their type and shape over direct memory from its
     *     beginning, which is overwritten; a backend that cannot write there leaves it alone, as all do that do not say
     *     otherwise
     * @return as above; an output that was written to its place lies over that memory
     */
    default Map<String, Tensor> run(
            Map<String, Tensor> inputs, Set<String> outputs, Map<String, Tensor> places, Cancellation cancellation) {
        return run(inputs, outputs, cancellation);
    }

    /** Gives back all memory. Called once no call is running; a second call does nothing. */
    @Override
    void close();
}
