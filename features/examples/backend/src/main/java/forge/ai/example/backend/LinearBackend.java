package forge.ai.example.backend;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** Computes {@code y = x * weight + bias} from a file {@code model.linear} that holds the two numbers. */
@Component(property = {ModelBackend.NAME + "=linear", ModelBackend.FILES + "=model.linear"})
public final class LinearBackend implements ModelBackend {

    @Override
    public LoadedModel load(ModelSource source) {
        try {
            String[] numbers = Files.readString(source.folder().resolve("model.linear"))
                    .strip()
                    .split("\\s+", 3);
            return new Linear(Float.parseFloat(numbers[0]), Float.parseFloat(numbers[1]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new InvalidRequestException("model.linear must hold a weight and a bias");
        }
    }

    private record Linear(float weight, float bias) implements LoadedModel {

        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    List.of(new TensorSpec("x", DataType.FP32, -1)),
                    List.of(new TensorSpec("y", DataType.FP32, -1)),
                    true,
                    Map.of());
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
            float[] values = inputs.get("x").toFloats();
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] * weight + bias;
            }
            return Map.of("y", Tensor.ofFloats(new long[] {values.length}, values));
        }

        @Override
        public void close() {}
    }
}
