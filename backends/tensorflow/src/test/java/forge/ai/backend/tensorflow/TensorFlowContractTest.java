package forge.ai.backend.tensorflow;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.model.BackendContract;
import forge.ai.runtime.testkit.model.ModelFixtures;

class TensorFlowContractTest extends BackendContract {

    private final TensorFlowBackend backend = new TensorFlowBackend();
    private final ModelFixtures fixtures = ModelFixtures.of("tensorflow");

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    @Override
    protected Example example() throws Exception {
        ModelFixtures.Fixture model = fixtures.models().getFirst();
        ModelFixtures.Case one = model.cases().getFirst();
        return new Example(
                ModelFixtures.source(SavedModels.copy(fixtures.folder().resolve(model.file()), folder)),
                "saved_model.pb",
                one.inputs(),
                one.outputs(),
                model.tolerance());
    }
}
