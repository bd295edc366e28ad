package forge.ai.runtime.support.limit;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Whether a call is let in. */
public sealed interface Entry permits Pass, Entry.Denial {

    /**
     * It is not.
     *
     * @param limit the limit that is in the way, as it is configured
     * @param retryAfter when it would be, if nobody else came; empty if never
     */
    record Denial(String limit, Optional<Duration> retryAfter) implements Entry {
        public Denial {
            Objects.requireNonNull(limit, "limit");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }
    }
}
