package forge.ai.backend.pytorch;

import forge.ai.api.model.ModelBackend;
import forge.ai.runtime.testkit.model.BackendContract;
import forge.ai.runtime.testkit.model.ModelFixtures;

class TorchContractTest extends BackendContract {

    private final PyTorchBackend backend = new PyTorchBackend();
    private final ModelFixtures fixtures = ModelFixtures.of("torchscript");

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    @Override
    protected Example example() throws Exception {
        ModelFixtures.Fixture model = fixtures.model("multi_io_tuple.pt");
        ModelFixtures.Case one = model.cases().getFirst();
        return new Example(
                new TorchFixtures(fixtures, folder).declared(model.file(), one),
                "model.pt",
                one.inputs(),
                one.outputs(),
                model.tolerance());
    }
}
