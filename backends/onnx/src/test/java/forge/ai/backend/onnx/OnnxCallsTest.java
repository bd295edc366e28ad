package forge.ai.backend.onnx;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.onnx.OnnxCallsContract;

class OnnxCallsTest extends OnnxCallsContract {

    private final OnnxBackend backend = new OnnxBackend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    @Override
    protected void stop() {
        backend.stop();
    }
}
