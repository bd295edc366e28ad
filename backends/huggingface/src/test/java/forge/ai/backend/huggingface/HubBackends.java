package forge.ai.backend.huggingface;

import forge.ai.api.model.ModelBackend;
import java.util.Map;

/** Backends for folders of the Hub, with what is to compute their networks. */
final class HubBackends {

    private HubBackends() {}

    static HuggingFaceBackend over(ModelBackend onnx) {
        HuggingFaceBackend backend = new HuggingFaceBackend();
        backend.addOnnx(onnx, Map.of());
        return backend;
    }
}
