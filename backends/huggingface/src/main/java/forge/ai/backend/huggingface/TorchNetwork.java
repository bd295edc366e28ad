package forge.ai.backend.huggingface;

import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A network as TorchScript, whose file does not say what it gives: the task and the Hub's {@code config.json} do. */
final class TorchNetwork {

    private static final String OUTPUTS = "outputs";

    private TorchNetwork() {}

    /** Whether the network of a folder is TorchScript: where there is an ONNX file too, that one is taken. */
    static boolean isIn(Path folder) {
        return has(folder, ".pt") && !has(folder, ".onnx");
    }

    private static boolean has(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(ending));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source with the outputs declared in its parameters, where they are not yet. */
    static ModelSource declared(ModelSource source, HubConfig config, Task task) {
        Map<String, String> parameters = new HashMap<>(source.parameters());
        parameters.putIfAbsent(
                OUTPUTS,
                outputs(config, task).stream().map(TensorSpec::toString).collect(Collectors.joining("; ")));
        return new ModelSource(
                source.name(), source.version(), source.folder(), source.device(), source.threads(), parameters);
    }

    private static List<TensorSpec> outputs(HubConfig config, Task task) {
        return switch (task) {
            case TEXT_CLASSIFICATION, ZERO_SHOT_CLASSIFICATION ->
                List.of(new TensorSpec("logits", DataType.FP32, -1, config.labelCount()));
            case TOKEN_CLASSIFICATION -> List.of(new TensorSpec("logits", DataType.FP32, -1, -1, config.labelCount()));
            case FILL_MASK -> List.of(new TensorSpec("logits", DataType.FP32, -1, -1, config.size("vocab_size")));
            case FEATURE_EXTRACTION, SENTENCE_SIMILARITY ->
                List.of(new TensorSpec("last_hidden_state", DataType.FP32, -1, -1, config.size("hidden_size")));
            case QUESTION_ANSWERING ->
                List.of(
                        new TensorSpec("start_logits", DataType.FP32, -1, -1),
                        new TensorSpec("end_logits", DataType.FP32, -1, -1));
        };
    }
}
