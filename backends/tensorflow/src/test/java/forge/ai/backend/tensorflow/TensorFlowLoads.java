package forge.ai.backend.tensorflow;

import forge.ai.runtime.testkit.model.LoadSeries;
import forge.ai.runtime.testkit.model.ModelFixtures;

/** Prints the memory of the process over 200 loads of the SavedModel. */
final class TensorFlowLoads {

    private TensorFlowLoads() {}

    public static void main(String[] arguments) throws Exception {
        ModelFixtures fixtures = ModelFixtures.of("tensorflow");
        LoadSeries.print(
                new TensorFlowBackend(),
                ModelFixtures.source(fixtures.folder().resolve("iris_savedmodel")),
                fixtures.models().getFirst().cases().getFirst().inputs());
    }
}
