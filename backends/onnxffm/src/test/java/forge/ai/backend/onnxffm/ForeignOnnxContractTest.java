package forge.ai.backend.onnxffm;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.model.BackendContract;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;

class ForeignOnnxContractTest extends BackendContract {

    private final ForeignOnnxBackend backend = UnpackedLibrary.backend();
    private final ModelFixtures fixtures = ModelFixtures.of("onnx");

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    @Override
    protected Example example() throws Exception {
        ModelFixtures.Fixture model = fixtures.model("multi_io.onnx");
        Path version = folder.resolve("multi_io.onnx/1");
        if (!Files.exists(version)) {
            fixtures.version(folder, model.file(), "model.onnx");
        }
        ModelFixtures.Case one = model.cases().getFirst();
        return new Example(ModelFixtures.source(version), "model.onnx", one.inputs(), one.outputs(), model.tolerance());
    }
}
