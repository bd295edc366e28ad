package forge.ai.runtime.support.model;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSource;
import java.util.Map;

/** Reads the parameters of a model's {@code config.json}; a wrong one is refused with what is allowed. */
public final class ModelParameters {

    private static final Map<String, Boolean> FLAGS = Map.of("true", true, "false", false);

    private final ModelSource source;

    public ModelParameters(ModelSource source) {
        this.source = source;
    }

    /** One of several values by their names. */
    public <T> T choice(String key, String byDefault, Map<String, T> allowed) {
        String value = text(key, byDefault);
        T chosen = allowed.get(value);
        if (chosen == null) {
            throw refused(
                    key, value, allowed.keySet().stream().sorted().toList().toString());
        }
        return chosen;
    }

    public boolean flag(String key, boolean byDefault) {
        return choice(key, Boolean.toString(byDefault), FLAGS);
    }

    /** A number of threads. */
    public int threads(String key, int byDefault) {
        return whole(key, byDefault, 1, 1024);
    }

    /** A whole number in a range. */
    public int whole(String key, int byDefault, int least, int most) {
        String value = text(key, Integer.toString(byDefault));
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused like a number out of range.
        }
        throw refused(key, value, least + " to " + most);
    }

    public String text(String key, String byDefault) {
        return source.parameters().getOrDefault(key, byDefault);
    }

    /** Whether {@code deviceFallback} lets a CPU do where the device that was asked for is not there. */
    public boolean cpuWillDo() {
        return choice("deviceFallback", "none", Map.of("none", false, "cpu", true));
    }

    /**
     * For a backend that computes on CPUs only.
     *
     * @param library what computes, for the message
     */
    public void requireCpu(String library) {
        String device = source.device();
        boolean fallback = cpuWillDo();
        if (device.equals("cpu") || device.equals("auto")) {
            return;
        } else if (!device.matches("cuda(:\\d{1,4})?")) {
            throw new InvalidRequestException(
                    "device is %s; allowed: auto, cpu".formatted(device), ErrorDetails.NONE.withParameter("device"));
        } else if (!fallback) {
            throw new UnsupportedException(
                    ("%s computes on CPUs only here; set \"device\": \"cpu\", or parameters.deviceFallback to cpu,"
                                    + " in config.json")
                            .formatted(library),
                    ErrorDetails.NONE.withParameter("device"));
        }
    }

    /** What to throw for a value that is not allowed. */
    public static InvalidRequestException refused(String key, String value, String allowed) {
        return new InvalidRequestException(
                "config.json: parameters.%s is %s; allowed: %s".formatted(key, value, allowed),
                ErrorDetails.NONE.withParameter(key));
    }
}
