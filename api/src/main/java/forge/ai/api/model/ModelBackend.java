package forge.ai.api.model;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Loads the models of one format. Publish it as a service with the properties {@link #NAME} and {@link #FILES}.
 *
 * <p>While a newer service of the same name is there, models are loaded again by it and the older ones closed when the
 * last call is through; so a backend bundle may be replaced while its models serve. Methods are called from several
 * threads.
 */
@ConsumerType
public interface ModelBackend {

    /** Service property: the name that a model's {@code config.json} gives as {@code backend}, such as {@code onnx}. */
    String NAME = "forge.ai.backend.name";

    /**
     * Service property, one text or several: files of a version folder by which a model without a named backend is
     * recognised, such as {@code model.onnx}; several joined by {@code +} must all be there, and the longest list wins.
     */
    String FILES = "forge.ai.backend.files";

    /**
     * Loads a model. What it takes of native memory is given back by {@link LoadedModel#close()}.
     *
     * @throws forge.ai.api.InvalidRequestException if the files are damaged, hostile or not of this format
     * @throws forge.ai.api.UnsupportedException if the files or the asked device need something that is not here
     * @throws forge.ai.api.ResourceExhaustedException if there is not enough memory
     */
    LoadedModel load(ModelSource source);
}
