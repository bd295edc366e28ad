package forge.ai.provider.azure;

import java.time.Duration;

/**
 * How one attempt reaches Azure.
 *
 * @param begun when, by {@link System#nanoTime}
 * @param left of the time for the call, zero for no limit
 */
record Access(Region region, Credential credential, long begun, Duration left) {}
