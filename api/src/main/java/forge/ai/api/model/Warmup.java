package forge.ai.api.model;

import java.util.Objects;

/**
 * The requests that a version computes before it serves.
 *
 * @param file of Open Inference requests in JSON, relative to the folder of the version or, if it is not there, to that
 *     of the model; empty for none
 * @param count how often each of them is computed, 1 or more
 */
public record Warmup(String file, int count) {

    /** Without. */
    public static final Warmup NONE = new Warmup("", 1);

    public Warmup {
        Objects.requireNonNull(file, "file");
    }
}
