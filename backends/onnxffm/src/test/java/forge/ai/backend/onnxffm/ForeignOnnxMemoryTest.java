package forge.ai.backend.onnxffm;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.onnx.OnnxMemoryContract;

class ForeignOnnxMemoryTest extends OnnxMemoryContract {

    private final ForeignOnnxBackend backend = UnpackedLibrary.backend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }
}
