package forge.ai.backend.onnxffm;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.onnx.OnnxTypesContract;

class ForeignOnnxTypesTest extends OnnxTypesContract {

    private final ForeignOnnxBackend backend = UnpackedLibrary.backend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }
}
