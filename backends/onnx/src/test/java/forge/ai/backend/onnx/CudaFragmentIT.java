package forge.ai.backend.onnx;

import forge.ai.runtime.testkit.onnx.CudaFragmentContract;

class CudaFragmentIT extends CudaFragmentContract {

    @Override
    protected String backend() {
        return "forge.ai.backend.onnx";
    }
}
