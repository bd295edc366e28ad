package forge.ai.runtime.support.onnx;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of devices that a {@code config.json} may have. */
final class DeviceName {

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,4}))?");

    private DeviceName() {}

    /** The number of the GPU; -1 for the CPUs. */
    static int cuda(String name) {
        Matcher cuda = CUDA.matcher(name);
        if (name.equals("cpu") || name.equals("auto")) {
            return -1;
        } else if (cuda.matches()) {
            return cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        }
        throw new InvalidRequestException(
                "device is %s; allowed: auto, cpu, cuda:N".formatted(name), ErrorDetails.NONE.withParameter("device"));
    }
}
