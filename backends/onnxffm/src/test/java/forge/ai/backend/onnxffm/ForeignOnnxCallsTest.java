package forge.ai.backend.onnxffm;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.onnx.OnnxCallsContract;

class ForeignOnnxCallsTest extends OnnxCallsContract {

    private final ForeignOnnxBackend backend = UnpackedLibrary.backend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    @Override
    protected void stop() {
        backend.stop();
    }
}
