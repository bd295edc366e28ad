package forge.ai.provider.azure;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.runtime.support.attempt.Attempts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The attempts at one call: each region once at most, those that are well first, in the configured order; in a region once
 * more with another credential if one was refused. One limit of time for all of them.
 */
final class RegionalAttempts implements Attempts<Access> {

    private static final int UNAUTHORIZED = 401;

    private final List<Region> untried;
    private final Credentials credentials;
    private final String deployment;
    private final Duration limit;
    private final boolean ownLimit;
    private final LongSupplier clock;
    private final long begun;
    private @Nullable Access again;
    private boolean renewed;

    /**
     * @param limit for all attempts, zero for none
     * @param ownLimit whether the limit is the caller's own: then its end tells nothing of the region
     */
    RegionalAttempts(
            List<Region> regions,
            Credentials credentials,
            String deployment,
            Duration limit,
            boolean ownLimit,
            LongSupplier clock) {
        this.untried = new ArrayList<>(regions);
        this.credentials = credentials;
        this.deployment = deployment;
        this.limit = limit;
        this.ownLimit = ownLimit;
        this.clock = clock;
        this.begun = clock.getAsLong();
    }

    @Override
    public Access next() {
        Access renewedAccess = again;
        if (renewedAccess != null) {
            again = null;
            return renewedAccess;
        }
        long now = clock.getAsLong();
        Region region = untried.stream()
                .filter(r -> r.enter(deployment, now))
                .findFirst()
                .orElseGet(() -> lastResort(now));
        untried.remove(region);
        renewed = false;
        Credential credential = credentials.current(region, left());
        return new Access(region, credential, clock.getAsLong(), left());
    }

    private Region lastResort(long now) {
        return untried.stream()
                .min(Comparator.<Region, Boolean>comparing(r -> r.limited(deployment, now))
                        .thenComparing(r -> r.rest(deployment, now)))
                .orElseThrow();
    }

    /** What is left of the time, at least a moment so that zero stays for no limit. */
    private Duration left() {
        if (limit.isZero()) {
            return Duration.ZERO;
        }
        Duration left = limit.minusNanos(clock.getAsLong() - begun);
        return left.isPositive() ? left : Duration.ofNanos(1);
    }

    private boolean timeIsUp() {
        return !limit.isZero() && clock.getAsLong() - begun >= limit.toNanos();
    }

    @Override
    public void answered(Access access) {
        access.region().answered();
    }

    @Override
    public Optional<Duration> failed(Access access, ForgeException failure, boolean answered) {
        if (failure.code() == ErrorCode.CANCELLED) {
            return Optional.empty();
        }
        long now = clock.getAsLong();
        if (!failure.code().retriable()) {
            access.region().answered();
            return answered || failure.details().status() != UNAUTHORIZED ? Optional.empty() : renew(access);
        }
        if (!(failure.code() == ErrorCode.TIMEOUT && ownLimit && timeIsUp())) {
            access.region().failed(failure, deployment, access.begun(), now);
        }
        // A deployment that says when to come back is not asked before, if another was asked in this call.
        boolean more = untried.stream().anyMatch(r -> !r.limited(deployment, now));
        return answered || timeIsUp() || !more ? Optional.empty() : Optional.of(Duration.ZERO);
    }

    private Optional<Duration> renew(Access refused) {
        if (renewed || timeIsUp()) {
            return Optional.empty();
        }
        renewed = true;
        Optional<Credential> other = credentials.another(refused.region(), refused.credential(), left());
        other.ifPresent(credential -> again = new Access(refused.region(), credential, clock.getAsLong(), left()));
        return other.map(credential -> Duration.ZERO);
    }
}
