package forge.ai.runtime.inference;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A computation under way with the slot that it holds. The slot is given on once: when the computation ends, or when it
 * goes on although it was told long ago that nobody waits for it any more.
 */
abstract class Holding extends AtomicBoolean implements Watched {

    private static final long serialVersionUID = 1L;

    /** How long a computation may take to heed that nobody waits for it. */
    static final long HEED = Duration.ofSeconds(1).toNanos();

    /** When it was first seen that nobody waits; 0 before. Touched by the watchdog alone. */
    private long abandoned;

    @Override
    public final void look(long now) {
        if (!abandoned()) {
            lookAround(now);
        } else if (abandoned == 0) {
            abandoned = now;
        } else if (now - abandoned > HEED && !get()) {
            givesOn();
        }
    }

    /** Whether nobody waits for it; the computation was told. */
    abstract boolean abandoned();

    /** Called while somebody waits. */
    abstract void lookAround(long now);

    /** It does not heed: its slot may be given on. */
    abstract void givesOn();

    /** Takes the slot away from it; true for the first one. */
    final boolean ended() {
        return compareAndSet(false, true);
    }
}
