package forge.ai.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import forge.ai.runtime.support.onnx.OnnxBinding;
import forge.ai.runtime.support.onnx.OnnxFailure;
import forge.ai.runtime.support.onnx.OnnxProvider;
import forge.ai.runtime.support.onnx.OnnxSession;
import forge.ai.runtime.support.onnx.OnnxSettings;
import java.nio.file.Path;

/** Calls ONNX Runtime by its own Java interface. */
final class JniBinding implements OnnxBinding {

    @Override
    public OnnxSession<?> open(Path file, OnnxSettings settings) throws OnnxFailure {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        SessionOptions options = new SessionOptions();
        JniSession session = null;
        try {
            set(options, settings);
            session = new JniSession(environment, environment.createSession(file.toString(), options), options);
            return session;
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            if (session == null) {
                options.close();
            }
        }
    }

    private static void set(SessionOptions options, OnnxSettings settings) throws OrtException, OnnxFailure {
        options.setIntraOpNumThreads(settings.threads());
        options.setInterOpNumThreads(settings.interOpThreads());
        options.setExecutionMode(settings.interOpThreads() > 1 ? ExecutionMode.PARALLEL : ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(
                switch (settings.optimization()) {
                    case 0 -> OptLevel.NO_OPT;
                    case 1 -> OptLevel.BASIC_OPT;
                    case 2 -> OptLevel.EXTENDED_OPT;
                    default -> OptLevel.ALL_OPT;
                });
        options.setCPUArenaAllocator(settings.arena());
        String spinning = settings.spinning() ? "1" : "0";
        options.addConfigEntry("session.intra_op.allow_spinning", spinning);
        options.addConfigEntry("session.inter_op.allow_spinning", spinning);
        // An error comes as an exception; on standard error it would be noise, as when a call is cancelled.
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        for (OnnxProvider provider : settings.providers()) {
            switch (provider) {
                case OnnxProvider.Cpu cpu -> options.addCPU(settings.arena());
                case OnnxProvider.Cuda cuda -> add(options, cuda);
            }
        }
    }

    private static void add(SessionOptions options, OnnxProvider.Cuda cuda) throws OnnxFailure {
        try (OrtCUDAProviderOptions device = new OrtCUDAProviderOptions(cuda.device())) {
            if (cuda.memoryLimit() > 0) {
                device.add("gpu_mem_limit", Long.toString(cuda.memoryLimit()));
            }
            options.addCUDA(device);
        } catch (OrtException e) {
            throw failure(e).ofDevice();
        }
    }

    static OnnxFailure failure(OrtException e) {
        return OnnxFailure.of(
                switch (e.getCode()) {
                    case ORT_INVALID_ARGUMENT -> OnnxFailure.INVALID_ARGUMENT;
                    case ORT_NOT_IMPLEMENTED -> OnnxFailure.NOT_IMPLEMENTED;
                    default -> OnnxFailure.OTHER;
                },
                String.valueOf(e.getMessage()));
    }
}
