package forge.ai.runtime.support.http;

import java.time.Duration;
import java.util.Objects;

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
}
