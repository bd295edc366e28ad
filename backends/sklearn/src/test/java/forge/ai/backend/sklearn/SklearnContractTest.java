package forge.ai.backend.sklearn;

import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.BackendContract;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Path;
import java.util.Map;

class SklearnContractTest extends BackendContract {

    private final SklearnBackend backend = new SklearnBackend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    @Override
    protected Example example() throws Exception {
        SklearnFixtures.Fixture fixture = SklearnFixtures.of("1.9.0", "rf_diabetes.z.joblib", "rf_diabetes");
        Path version = SklearnFixtures.version(folder, fixture.file());
        double[] expected = SklearnFixtures.list(fixture.expected().at("/expected/predict")).stream()
                .mapToDouble(n -> n.doubleValue())
                .toArray();
        return new Example(
                ModelFixtures.source(version),
                "model.joblib",
                Map.of("input", fixture.inputs().get("table")),
                Map.of("predict", Tensor.ofDoubles(new long[] {expected.length}, expected)),
                1e-9);
    }
}
