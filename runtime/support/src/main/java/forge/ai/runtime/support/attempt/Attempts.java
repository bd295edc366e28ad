package forge.ai.runtime.support.attempt;

import forge.ai.api.ForgeException;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides about the attempts at one call. Used by one thread at a time.
 *
 * @param <A> what an attempt is made with, such as an address and a key
 */
public interface Attempts<A> {

    /** What the next attempt is made with; asked for first, and after each failure that is not final. */
    A next();

    /** The attempt was answered: the whole answer is there, or the first content of a stream. */
    void answered(A attempt);

    /**
     * The attempt failed.
     *
     * @param answered whether it had been answered before; there can be no other attempt then
     * @return how long to wait before the next attempt, or empty if the failure is final
     */
    Optional<Duration> failed(A attempt, ForgeException failure, boolean answered);
}
