package forge.ai.backend.pytorch;

import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The models of the shared folder, with their inputs and outputs declared as a {@code config.json} would. */
record TorchFixtures(ModelFixtures fixtures, Path folder) {

    /** With the first dimension of each tensor free and the others as in the case. */
    ModelSource declared(String file, Case one) throws IOException {
        return source(file, Map.of("inputs", specs(one.inputs()), "outputs", specs(one.outputs())));
    }

    ModelSource source(String file, Map<String, String> parameters) throws IOException {
        Path version = folder.resolve(file).resolve("1");
        if (!Files.exists(version)) {
            fixtures.version(folder, file, "model.pt");
        }
        return new ModelSource("test", 1, version, "auto", 1, parameters);
    }

    private static String specs(Map<String, Tensor> tensors) {
        return tensors.entrySet().stream()
                .map(tensor -> spec(tensor.getKey(), tensor.getValue()).toString())
                .collect(Collectors.joining("; "));
    }

    private static TensorSpec spec(String name, Tensor tensor) {
        long[] shape = tensor.shape();
        shape[0] = -1;
        return new TensorSpec(name, tensor.type(), shape);
    }
}
