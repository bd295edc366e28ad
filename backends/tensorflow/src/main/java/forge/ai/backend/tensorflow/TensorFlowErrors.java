package forge.ai.backend.tensorflow;

import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnsupportedException;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;

/** Turns what TensorFlow throws into errors that may leave the bundle. */
final class TensorFlowErrors {

    private TensorFlowErrors() {}

    static ForgeException load(RuntimeException e) {
        String message = "cannot load the SavedModel: " + reason(e);
        if (e instanceof TFResourceExhaustedException) {
            return new ResourceExhaustedException(message);
        }
        return e instanceof TFUnimplementedException || message.contains("not registered")
                ? new UnsupportedException(message)
                : new InvalidRequestException(message);
    }

    static ForgeException run(RuntimeException e) {
        String message = "the SavedModel cannot compute this: " + reason(e);
        return switch (e) {
            case TFResourceExhaustedException memory -> new ResourceExhaustedException(message);
            case TFInvalidArgumentException argument -> new InvalidRequestException(message);
            case TFUnimplementedException missing -> new UnsupportedException(message);
            default -> new InternalException(message);
        };
    }

    /** Without where in the graph it happened, which stands below. */
    private static String reason(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
