package forge.ai.backend.huggingface;

import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;

/** What a task makes of the output of its network. */
sealed interface Head permits TextClassification, FeatureExtraction {

    /** The output of the network that is needed. */
    String needs();

    List<TensorSpec> outputs();

    /** What the signature says besides. */
    Map<String, String> metadata();

    /**
     * All outputs by name.
     *
     * @param computed what the network gave by {@link #needs()}
     * @param texts what went in
     */
    Map<String, Tensor> apply(Tensor computed, EncodedTexts texts);
}
