package forge.ai.backend.onnxffm;

import forge.ai.runtime.testkit.onnx.CudaFragmentContract;

class ForeignCudaFragmentIT extends CudaFragmentContract {

    @Override
    protected String backend() {
        return "forge.ai.backend.onnxffm";
    }
}
