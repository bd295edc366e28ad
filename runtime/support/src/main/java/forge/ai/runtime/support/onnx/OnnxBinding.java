package forge.ai.runtime.support.onnx;

import java.nio.file.Path;

/** One way of calling ONNX Runtime. */
@FunctionalInterface
public interface OnnxBinding {

    /**
     * Loads a file.
     *
     * @throws OnnxFailure if the runtime refuses it; {@link OnnxFailure#ofDevice()} if a device is not there
     */
    OnnxSession<?> open(Path file, OnnxSettings settings) throws OnnxFailure;
}
