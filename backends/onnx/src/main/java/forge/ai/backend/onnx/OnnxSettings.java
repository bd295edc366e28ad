package forge.ai.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.model.ModelParameters;
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
        ModelParameters keys = new ModelParameters(source);
        return new OnnxSettings(
                Device.of(source.device()),
                keys.cpuWillDo(),
                keys.threads("threads", source.threads()),
                keys.threads("interOpThreads", 1),
                keys.choice("optimization", "all", LEVELS),
                keys.flag("spinning", false),
                keys.flag("arena", true));
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
