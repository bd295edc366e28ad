package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** The backend of models that are made of others: there is nothing to load, for the engine goes through their steps. */
@Component(property = ModelBackend.NAME + "=ensemble")
public final class EnsembleBackend implements ModelBackend {

    private static final ModelSignature UNKNOWN = new ModelSignature(List.of(), List.of(), false, Map.of());

    @Override
    public LoadedModel load(ModelSource source) {
        return new Ensemble(source.name());
    }

    /** Says what it takes and gives only when asked for it by the engine: its steps' models come and go. */
    private record Ensemble(String name) implements LoadedModel {

        @Override
        public ModelSignature signature() {
            return UNKNOWN;
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
            throw new UnsupportedException(name + " is made of other models; only the engine computes it");
        }

        @Override
        public void close() {}
    }
}
