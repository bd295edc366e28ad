package forge.ai.backend.onnxffm;

import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.onnx.OnnxBackend;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ResidentMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Loads, computes with and closes a model 200 times over each binding; prints the resident memory on the way. */
final class LoadUnloadDriver {

    private static final int TIMES = 200;
    private static final int EACH = 50;

    private LoadUnloadDriver() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("driver");
        ModelFixtures fixtures = ModelFixtures.of("onnx");
        String file = "digits_cnn.onnx";
        Path version = fixtures.version(folder, file, "model.onnx");
        Map<String, Tensor> inputs = fixtures.model(file).cases().getFirst().inputs();
        Map<String, ModelBackend> backends = Map.of("FFM", UnpackedLibrary.backend(), "JNI", new OnnxBackend());
        for (Map.Entry<String, ModelBackend> backend : backends.entrySet()) {
            for (int i = 0; i <= TIMES; i++) {
                try (LoadedModel model = backend.getValue().load(ModelFixtures.source(version))) {
                    model.run(inputs, Set.of(), new Cancellation());
                }
                if (i % EACH == 0) {
                    System.out.printf(
                            "%s after %3d: %.1f MiB%n", backend.getKey(), i + 1, ResidentMemory.bytes() / 1048576.0);
                }
            }
        }
    }
}
