package forge.ai.backend.onnx;

import ai.onnxruntime.OrtException;
import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnsupportedException;
import java.util.regex.Pattern;

/** Turns what ONNX Runtime throws into errors that may leave the bundle. */
final class OnnxErrors {

    private static final Pattern MEMORY = Pattern.compile("bad_alloc|[Ff]ailed to allocate|[Oo]ut of memory");
    private static final Pattern MISSING =
            Pattern.compile("not a registered function/op|opset|Could not find an implementation|unsupported model IR");

    private OnnxErrors() {}

    static ForgeException load(String model, OrtException e) {
        String message = "cannot load %s: %s".formatted(model, e.getMessage());
        if (MEMORY.matcher(message).find()) {
            return new ResourceExhaustedException(message);
        }
        if (e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED
                || MISSING.matcher(message).find()) {
            return new UnsupportedException(message);
        }
        return new InvalidRequestException(message);
    }

    static ForgeException run(String model, OrtException e, boolean terminated) {
        if (terminated) {
            return new CancelledException("the call was cancelled");
        }
        String message = "%s cannot compute this: %s".formatted(model, e.getMessage());
        if (MEMORY.matcher(message).find()) {
            return new ResourceExhaustedException(message);
        }
        return e.getCode() == OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT
                ? new InvalidRequestException(message)
                : new InternalException(message);
    }
}
