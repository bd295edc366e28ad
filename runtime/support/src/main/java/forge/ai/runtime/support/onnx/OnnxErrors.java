package forge.ai.runtime.support.onnx;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnsupportedException;
import java.util.regex.Pattern;

/** Turns what ONNX Runtime says into errors that may leave the bundle. */
final class OnnxErrors {

    private static final Pattern MEMORY =
            Pattern.compile("bad_alloc|[Ff]ailed to allocate|[Oo]ut of memory|length_error|overflow");
    private static final Pattern MISSING =
            Pattern.compile("not a registered function/op|opset|Could not find an implementation|unsupported model IR");

    private OnnxErrors() {}

    static ForgeException load(String model, OnnxFailure e, OnnxSettings settings) {
        if (e.device()) {
            return new UnsupportedException(
                    ("the GPU that config.json names (%s) is not there; add the feature onnx-cuda and a GPU with CUDA 12"
                                    + " and cuDNN 9, or set \"device\": \"cpu\" or parameters.deviceFallback to cpu"
                                    + " in config.json")
                            .formatted(gpu(settings)),
                    ErrorDetails.NONE.withParameter("device"));
        }
        String message = "cannot load %s: %s".formatted(model, e.getMessage());
        if (MEMORY.matcher(message).find()) {
            return new ResourceExhaustedException(message);
        }
        if (e.code() == OnnxFailure.NOT_IMPLEMENTED || MISSING.matcher(message).find()) {
            return new UnsupportedException(message);
        }
        return new InvalidRequestException(message);
    }

    static String gpu(OnnxSettings settings) {
        return settings.providers().stream()
                .filter(OnnxProvider.Cuda.class::isInstance)
                .map(provider -> "device cuda:" + ((OnnxProvider.Cuda) provider).device())
                .findFirst()
                .orElse("none");
    }

    static ForgeException run(String model, OnnxFailure e, boolean terminated) {
        if (terminated) {
            return new CancelledException("the call was cancelled");
        }
        String message = "%s cannot compute this: %s".formatted(model, e.getMessage());
        if (MEMORY.matcher(message).find()) {
            return new ResourceExhaustedException(message);
        }
        return e.code() == OnnxFailure.INVALID_ARGUMENT
                ? new InvalidRequestException(message)
                : new InternalException(message);
    }
}
