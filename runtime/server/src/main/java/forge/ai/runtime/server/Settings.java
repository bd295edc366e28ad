package forge.ai.runtime.server;

import forge.ai.runtime.support.serving.Address;
import forge.ai.runtime.support.serving.Doorkeeper;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server's configuration, checked.
 *
 * @param http where to listen
 * @param maxBody the largest body of a request in bytes
 * @param drain how long calls in flight have when the server stops
 * @param keepAlive the silence after which a stream says that it is still there
 * @param idle how long nothing may move on a connection that waits for the client
 * @param authentication when a key is asked for
 */
record Settings(
        Address http,
        long maxBody,
        Duration drain,
        Duration keepAlive,
        Duration idle,
        Doorkeeper.Authentication authentication) {

    /** Tries a configuration out, before it is in force. */
    static Settings of(HttpServer.Config config) {
        return of(config, null);
    }

    /** @param given the address from the command line, which counts more than the configured one */
    static Settings of(HttpServer.Config config, @Nullable String given) {
        require(
                config.maxBodyBytes() >= 1024 && config.maxBodyBytes() <= 1L << 30,
                "maxBodyBytes",
                config.maxBodyBytes(),
                "1024 to 1073741824");
        require(
                config.drainSeconds() >= 0 && config.drainSeconds() <= 3600,
                "drainSeconds",
                config.drainSeconds(),
                "0 to 3600");
        require(
                config.keepAliveSeconds() >= 1 && config.keepAliveSeconds() <= 3600,
                "keepAliveSeconds",
                config.keepAliveSeconds(),
                "1 to 3600");
        require(
                config.idleSeconds() >= 1 && config.idleSeconds() <= 3600,
                "idleSeconds",
                config.idleSeconds(),
                "1 to 3600");
        try {
            return new Settings(
                    Address.of("http", given == null ? config.http() : given),
                    config.maxBodyBytes(),
                    Duration.ofSeconds(config.drainSeconds()),
                    Duration.ofSeconds(config.keepAliveSeconds()),
                    Duration.ofSeconds(config.idleSeconds()),
                    Doorkeeper.Authentication.of(config.authentication()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(HttpServer.PID + ": " + e.getMessage(), e);
        }
    }

    private static void require(boolean allowed, String key, long value, String what) {
        if (!allowed) {
            throw new IllegalArgumentException(
                    "%s: %s = %d is refused; allowed: %s".formatted(HttpServer.PID, key, value, what));
        }
    }
}
