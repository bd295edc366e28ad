package forge.ai.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSource;
import java.util.List;
import java.util.Map;

/**
 * How a model is loaded, from its {@code config.json}.
 *
 * @param device where it computes
 * @param orCpu whether a CPU will do where the device is not there
 * @param threads within one operator
 * @param interOpThreads operators at a time; 1 is one after the other
 * @param optimization what is done to the graph
 * @param spinning whether idle threads wait awake, which is quicker and burns a core each
 * @param arena whether memory is kept between calls
 */
record OnnxSettings(
        Device device,
        boolean orCpu,
        int threads,
        int interOpThreads,
        OptLevel optimization,
        boolean spinning,
        boolean arena) {

    private static final Map<String, OptLevel> LEVELS = Map.of(
            "none", OptLevel.NO_OPT,
            "basic", OptLevel.BASIC_OPT,
            "extended", OptLevel.EXTENDED_OPT,
            "all", OptLevel.ALL_OPT);

    static OnnxSettings of(ModelSource source) {
        Map<String, String> keys = source.parameters();
        return new OnnxSettings(
                Device.of(source.device()),
                choice(keys, "deviceFallback", "none", Map.of("none", false, "cpu", true)),
                threads(keys, "threads", source.threads()),
                threads(keys, "interOpThreads", 1),
                choice(keys, "optimization", "all", LEVELS),
                choice(keys, "spinning", "false", Map.of("true", true, "false", false)),
                choice(keys, "arena", "true", Map.of("true", true, "false", false)));
    }

    private static <T> T choice(Map<String, String> keys, String key, String byDefault, Map<String, T> allowed) {
        String value = keys.getOrDefault(key, byDefault);
        T chosen = allowed.get(value);
        if (chosen == null) {
            List<String> names = allowed.keySet().stream().sorted().toList();
            throw refused(key, "config.json: parameters.%s is %s; allowed: %s".formatted(key, value, names));
        }
        return chosen;
    }

    private static int threads(Map<String, String> keys, String key, int byDefault) {
        String value = keys.getOrDefault(key, Integer.toString(byDefault));
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= 1024) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused like a number out of range.
        }
        throw refused(key, "config.json: parameters.%s is %s; allowed: 1 to 1024".formatted(key, value));
    }

    private static InvalidRequestException refused(String key, String message) {
        return new InvalidRequestException(message, ErrorDetails.NONE.withParameter(key));
    }

    /** The caller closes them, once the session is closed. */
    SessionOptions options() throws OrtException {
        SessionOptions options = new SessionOptions();
        boolean done = false;
        try {
            set(options);
            device.add(options, orCpu);
            done = true;
            return options;
        } finally {
            if (!done) {
                options.close();
            }
        }
    }

    private void set(SessionOptions options) throws OrtException {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(interOpThreads);
        options.setExecutionMode(
                interOpThreads > 1 ? SessionOptions.ExecutionMode.PARALLEL : SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(optimization);
        options.setCPUArenaAllocator(arena);
        options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        options.addConfigEntry("session.inter_op.allow_spinning", spinning ? "1" : "0");
        // An error comes as an exception; on standard error it would be noise, as when a call is cancelled.
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }
}
