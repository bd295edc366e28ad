package forge.ai.runtime.inference;

import forge.ai.api.model.Instances;
import java.time.Duration;

/**
 * Decides how many instances a version should have, once in a while. One more where they are busy and requests wait,
 * twice in a row; one less where the others would do, for a good while: loading takes long and memory, so a short
 * calm is no reason.
 */
final class ScalePolicy {

    /** From this share of the time on that they compute, instances are busy. */
    private static final double BUSY = 0.8;

    /** Below this one, which the others would have, an instance is one too many. */
    private static final double IDLE = 0.5;

    private static final int TWICE = 2;

    /** Waiting so little is not waiting. */
    private static final Duration MOMENT = Duration.ofMillis(1);

    private int pressed;
    private int idle;

    /**
     * What was measured since the last time.
     *
     * @param instances how many there are
     * @param busy how many computations were under way on average
     * @param delay how long requests waited for their turn on average
     * @param calm how many times in a row it has to be idle before there is one less
     */
    record Load(int instances, double busy, Duration delay, int calm) {}

    /** The number of instances from now on. */
    int next(Load load, Instances limits) {
        boolean waits = load.delay().compareTo(MOMENT) > 0;
        boolean presses = waits && load.busy() >= BUSY * load.instances();
        boolean rests = !waits && load.busy() < IDLE * (load.instances() - 1);
        pressed = presses ? pressed + 1 : 0;
        idle = rests || load.busy() == 0 ? idle + 1 : 0;
        int change = 0;
        if (pressed >= TWICE) {
            pressed = 0;
            change = 1;
        } else if (idle >= load.calm()) {
            idle = 0;
            change = -1;
        }
        return Math.clamp(load.instances() + change, limits.min(), limits.max());
    }
}
