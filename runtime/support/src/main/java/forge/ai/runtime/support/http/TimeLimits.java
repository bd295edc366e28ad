package forge.ai.runtime.support.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How long to wait for an upstream; zero means without end.
 *
 * @param connect for a connection, name look-up and TLS included
 * @param firstToken of a stream, from the call to the first piece of content
 * @param idle of a stream, between two pieces of content
 * @param request for a whole answer; streams know no such limit
 */
public record TimeLimits(Duration connect, Duration firstToken, Duration idle, Duration request) {

    public TimeLimits {
        Objects.requireNonNull(connect, "connect");
        Objects.requireNonNull(firstToken, "firstToken");
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(request, "request");
    }

    /** With this left of the time for the first content and for a whole answer, where they are longer. */
    public TimeLimits within(Duration left) {
        return new TimeLimits(connect, shorter(firstToken, left), idle, shorter(request, left));
    }

    /** For the first piece of content of one stream, which may ask for less. */
    public Duration firstToken(Optional<Duration> asked) {
        return asked.map(a -> shorter(firstToken, a)).orElse(firstToken);
    }

    /** For one whole answer, for which less may be asked. */
    public Duration request(Optional<Duration> asked) {
        return asked.map(a -> shorter(request, a)).orElse(request);
    }

    private static Duration shorter(Duration limit, Duration left) {
        return limit.isZero() || left.compareTo(limit) < 0 ? left : limit;
    }
}
