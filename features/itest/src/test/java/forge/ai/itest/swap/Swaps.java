package forge.ai.itest.swap;

import java.time.Duration;

/** Something of the runtime that is replaced again and again. */
interface Swaps {

    /**
     * Replaces it and returns when the new one is in force; fails if it does not come into force.
     *
     * @param number 1 for the first, and one more each time
     * @return how long it took to be in force
     */
    Duration swap(int number) throws Exception;
}
