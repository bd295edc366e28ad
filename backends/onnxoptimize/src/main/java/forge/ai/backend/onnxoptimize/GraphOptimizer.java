package forge.ai.backend.onnxoptimize;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Has ONNX Runtime write a graph as it has optimised it, in a form that any CPU computes. */
final class GraphOptimizer {

    private GraphOptimizer() {}

    /**
     * Writes the optimised form of a model.
     *
     * @param target its file, in a folder of its own
     * @return how many multiplications of weights were rounded to 8 bits
     */
    static int write(Path source, Path target, boolean int8) throws IOException {
        if (!int8) {
            optimize(source, target, OptLevel.EXTENDED_OPT);
            return 0;
        }
        // Constants are folded and biases joined first, so that as many weights as may be are found.
        Path plain = target.resolveSibling("plain.onnx");
        Path rounded = target.resolveSibling("rounded.onnx");
        optimize(source, plain, OptLevel.BASIC_OPT);
        OnnxFile file = OnnxFile.read(plain);
        int quantized = DynamicQuantizer.quantize(file);
        file.write(rounded);
        optimize(rounded, target, OptLevel.EXTENDED_OPT);
        Files.delete(plain);
        Files.delete(rounded);
        return quantized;
    }

    private static void optimize(Path source, Path target, OptLevel level) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setOptimizedModelFilePath(target.toString());
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession session = environment.createSession(source.toString(), options)) {
                if (session.getNumOutputs() == 0 || !Files.exists(target)) {
                    throw new InvalidRequestException("ONNX Runtime wrote no optimised form");
                }
            }
        } catch (OrtException e) {
            throw new InvalidRequestException("the model cannot be optimised: " + e.getMessage());
        }
    }
}
