package forge.ai.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a model computes. */
sealed interface Device {

    /** The CPUs, which are always there. */
    record Cpu() implements Device {
        @Override
        public void add(SessionOptions options, boolean orCpu) {
            // They come last in any case.
        }
    }

    /** A GPU by its number. */
    record Cuda(int number) implements Device {

        private static final Logger log = LoggerFactory.getLogger(Cuda.class);

        @Override
        public void add(SessionOptions options, boolean orCpu) {
            try {
                options.addCUDA(number);
            } catch (OrtException e) {
                log.debug("cuda:{} cannot be used: {}", number, e.getMessage());
                if (!orCpu) {
                    throw new UnsupportedException(
                            ("device cuda:%d is not there; add the feature onnx-cuda and a GPU with CUDA 12 and cuDNN 9,"
                                            + " or set \"device\": \"cpu\" or parameters.deviceFallback to cpu in config.json")
                                    .formatted(number),
                            ErrorDetails.NONE.withParameter("device"));
                }
                log.warn("cuda:{} is not there; computing on the CPU instead", number);
            }
        }
    }

    /** Makes a session use it. */
    void add(SessionOptions options, boolean orCpu);

    static Device of(String name) {
        Matcher cuda = Pattern.compile("cuda(?::(\\d{1,4}))?").matcher(name);
        if (name.equals("cpu") || name.equals("auto")) {
            return new Cpu();
        } else if (cuda.matches()) {
            return new Cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        throw new InvalidRequestException(
                "device is %s; allowed: auto, cpu, cuda:N".formatted(name), ErrorDetails.NONE.withParameter("device"));
    }
}
