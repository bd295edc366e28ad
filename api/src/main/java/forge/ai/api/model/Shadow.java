package forge.ai.api.model;

import java.util.Objects;

/**
 * A version that computes a share of the requests too, to be compared: nobody sees its answers.
 *
 * @param version its number or label, as {@link VersionSelector#parse} reads it; empty for none
 * @param percent the share of the requests, 0 to 100
 * @param tolerance two numbers {@code a} and {@code b} count as equal if they differ by at most {@code tolerance * (1 +
 *     max(|a|, |b|))}; 0 or more
 */
public record Shadow(String version, double percent, double tolerance) {

    /** Without. */
    public static final Shadow NONE = new Shadow("", 0, 0);

    /** The tolerance where none is said. */
    public static final double USUAL_TOLERANCE = 1e-3;

    public Shadow {
        Objects.requireNonNull(version, "version");
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent is " + percent + "; allowed is 0 to 100");
        }
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + "; allowed is 0 or more");
        }
    }

    /** Whether any request is computed by it. */
    public boolean on() {
        return percent > 0 && !version.isEmpty();
    }
}
