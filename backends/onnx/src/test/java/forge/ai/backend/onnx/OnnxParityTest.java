package forge.ai.backend.onnx;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.onnx.OnnxParityContract;

class OnnxParityTest extends OnnxParityContract {

    private final OnnxBackend backend = new OnnxBackend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }
}
