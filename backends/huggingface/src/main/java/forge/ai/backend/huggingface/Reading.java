package forge.ai.backend.huggingface;

import forge.ai.api.tensor.Tensor;
import java.util.Map;

/** Makes the answer to one request, from what the network says of its rows, some at a time and in order. */
interface Reading {

    /** @param computed the network's outputs for these rows */
    void add(Map<String, Tensor> computed, EncodedTexts rows);

    /** All outputs by name, once every row was added. */
    Map<String, Tensor> outputs();
}
