package forge.ai.backend.sklearn;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.backend.sklearn.estimator.Estimators;
import forge.ai.backend.sklearn.pickle.PickleFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Loads {@code model.pkl}, {@code model.pickle} or {@code model.joblib}, as scikit-learn's users save their models. */
@Component(
        immediate = true,
        property = {
            ModelBackend.NAME + "=sklearn",
            ModelBackend.FILES + "=model.pkl",
            ModelBackend.FILES + "=model.pickle",
            ModelBackend.FILES + "=model.joblib"
        })
public final class SklearnBackend implements ModelBackend {

    private static final List<String> NAMES = List.of("model.pkl", "model.pickle", "model.joblib");
    private static final long MOST_BYTES = 512L << 20;

    @Override
    public LoadedModel load(ModelSource source) {
        return new SklearnModel(Estimators.read(PickleFile.read(file(source.folder()), mostBytes(source))));
    }

    private static Path file(Path folder) {
        return NAMES.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() ->
                        new InvalidRequestException("there is none of " + String.join(", ", NAMES) + " in " + folder));
    }

    private static long mostBytes(ModelSource source) {
        String given = source.parameters().getOrDefault("maxBytes", Long.toString(MOST_BYTES));
        if (!given.matches("\\d{1,10}") || Long.parseLong(given) < 1 || Long.parseLong(given) > Integer.MAX_VALUE - 8) {
            throw new InvalidRequestException(
                    "parameters.maxBytes = " + given + " is refused; allowed: 1 to " + (Integer.MAX_VALUE - 8));
        }
        return Long.parseLong(given);
    }
}
