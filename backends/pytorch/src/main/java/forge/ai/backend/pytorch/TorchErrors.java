package forge.ai.backend.pytorch;

import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what libtorch throws into errors that may leave the bundle. */
final class TorchErrors {

    private static final Pattern MEMORY = Pattern.compile("can't allocate memory|not enough memory|bad_alloc");
    private static final Pattern MISSING =
            Pattern.compile("Unknown builtin op|Unknown type name|file format version|Could not run|no kernel");

    /** What went wrong stands last, below a trace through the code of the model, or in the first line. */
    private static final Pattern LAST = Pattern.compile("(?m)^(?:RuntimeError|\\w*Exception|\\w*Error): (.+)$");

    private TorchErrors() {}

    static ForgeException load(String model, RuntimeException e) {
        String message = "cannot load %s: %s".formatted(model, reason(e));
        if (MEMORY.matcher(message).find()) {
            return new ResourceExhaustedException(message);
        }
        return MISSING.matcher(message).find()
                ? new UnsupportedException(message)
                : new InvalidRequestException(message);
    }

    /** Where the signature leaves dimensions open, the caller may have chosen wrong ones. */
    static ForgeException run(String model, RuntimeException e, ModelSignature signature) {
        String message = "%s cannot compute this: %s".formatted(model, reason(e));
        if (MEMORY.matcher(message).find()) {
            return new ResourceExhaustedException(message);
        }
        boolean free = signature.inputs().stream()
                .anyMatch(spec ->
                        spec.anyShape() || Arrays.stream(spec.shape()).skip(1).anyMatch(size -> size < 0));
        return free ? new InvalidRequestException(message) : new InternalException(message);
    }

    private static String reason(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        String reason = message.lines().findFirst().orElse("");
        for (Matcher last = LAST.matcher(message); last.find(); ) {
            reason = last.group(1);
        }
        return reason;
    }
}
