package forge.ai.runtime.grpc;

import forge.ai.runtime.support.serving.Address;
import forge.ai.runtime.support.serving.Doorkeeper;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server's configuration, checked.
 *
 * @param grpc where to listen
 * @param maxMessage the largest message in bytes
 * @param drain how long calls in flight have when the server stops
 * @param authentication when a key is asked for
 */
record Settings(Address grpc, int maxMessage, Duration drain, Doorkeeper.Authentication authentication) {

    /** Tries a configuration out, before it is in force. */
    static Settings of(GrpcServer.Config config) {
        return of(config, null);
    }

    /** @param given the address from the command line, which counts more than the configured one */
    static Settings of(GrpcServer.Config config, @Nullable String given) {
        try {
            return new Settings(
                    Address.of("grpc", given == null ? config.grpc() : given),
                    (int) within("maxBodyBytes", config.maxBodyBytes(), 1024, 1 << 30),
                    Duration.ofSeconds(within("drainSeconds", config.drainSeconds(), 0, 3600)),
                    Doorkeeper.Authentication.of(config.authentication()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(GrpcServer.PID + ": " + e.getMessage(), e);
        }
    }

    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s = %d is refused; allowed: %d to %d".formatted(key, value, least, most));
        }
        return value;
    }
}
