package forge.ai.runtime.support.openinference;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What the parameters of a request say of its turn, in the terms of the schedule policy extension. */
public final class Scheduling {

    /** The last place that may be asked for with {@code priority}. */
    public static final int LAST_PLACE = 10_000;

    /** The longest {@code timeout} in microseconds. */
    public static final long LONGEST_MICROS = Long.MAX_VALUE / 1000;

    /** The place that a request has in which none is said. */
    private static final int USUAL_PLACE = 10;

    private Scheduling() {}

    /**
     * The priority for the engine, where higher goes first.
     *
     * @param place in this protocol 1 goes first, the next after it, and 0 says nothing
     */
    public static int priority(int place) {
        return place == 0 ? 0 : USUAL_PLACE - place;
    }

    /** The limit of time; 0 says nothing. */
    public static Optional<Duration> timeout(long micros) {
        return micros == 0 ? Optional.empty() : Optional.of(Duration.of(micros, ChronoUnit.MICROS));
    }
}
