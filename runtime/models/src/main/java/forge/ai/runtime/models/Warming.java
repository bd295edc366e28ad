package forge.ai.runtime.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.Warmup;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.model.RequestCheck;
import forge.ai.runtime.support.tensor.TensorReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The requests that a version computes before it serves: one of the Open Inference Protocol, or a list of them.
 *
 * @param warmup the name of the file, and how often each request is computed
 * @param version the folder of the version, in which the file is looked for first; then in the folder around it
 */
record Warming(Warmup warmup, Path version) {

    private static final long MOST_BYTES = 64 << 20;
    private static final int MOST_REQUESTS = 1000;

    static Warming of(Target target) {
        return new Warming(target.warmup(), target.files().folder());
    }

    /**
     * Computes them.
     *
     * @throws ForgeException if one cannot be computed; the message says which and why
     */
    void warm(LoadedModel model) throws IOException {
        if (warmup.file().isEmpty()) {
            return;
        }
        List<JsonNode> requests = read();
        for (int i = 0; i < requests.size(); i++) {
            try {
                compute(model, requests.get(i));
            } catch (ForgeException e) {
                throw ForgeException.of(
                        e.code(),
                        "warm-up request %d of %s: %s".formatted(i + 1, warmup.file(), e.getMessage()),
                        e.details());
            } catch (RuntimeException e) {
                throw new InternalException("warm-up request %d of %s: %s".formatted(i + 1, warmup.file(), e));
            }
        }
    }

    private List<JsonNode> read() throws IOException {
        Path file = version.resolve(warmup.file());
        if (!Files.isRegularFile(file)) {
            file = version.resolveSibling(warmup.file());
        }
        if (!Files.isRegularFile(file)) {
            throw new InvalidRequestException(
                    "the warm-up file %s lies neither in the folder of the version nor in that of the model"
                            .formatted(warmup.file()));
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new InvalidRequestException(file + " is larger than " + MOST_BYTES + " bytes");
        }
        JsonNode root = parsed(file);
        List<JsonNode> requests = root.isArray() ? root.valueStream().toList() : List.of(root);
        if (requests.size() > MOST_REQUESTS || requests.stream().anyMatch(request -> !request.isObject())) {
            throw new InvalidRequestException(
                    "%s must hold one request or a list of at most %d".formatted(file, MOST_REQUESTS));
        }
        return requests;
    }

    private static JsonNode parsed(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return new ObjectMapper().readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(file + " is not JSON");
        }
    }

    private void compute(LoadedModel model, JsonNode request) {
        ModelSignature signature = model.signature();
        Map<String, Tensor> inputs = model.adapt(TensorReader.inputs(request, signature));
        Set<String> outputs = new LinkedHashSet<>();
        request.path("outputs")
                .forEach(output -> outputs.add(output.path("name").asText()));
        new RequestCheck(signature).accept(inputs, outputs);
        for (int i = 0; i < warmup.count(); i++) {
            model.run(inputs, outputs, new Cancellation());
        }
    }
}
