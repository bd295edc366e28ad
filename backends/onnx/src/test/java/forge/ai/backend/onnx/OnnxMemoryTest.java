package forge.ai.backend.onnx;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.onnx.OnnxMemoryContract;

class OnnxMemoryTest extends OnnxMemoryContract {

    private final OnnxBackend backend = new OnnxBackend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }
}
