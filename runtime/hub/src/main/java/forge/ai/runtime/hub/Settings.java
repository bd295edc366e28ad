package forge.ai.runtime.hub;

import forge.ai.runtime.support.config.ConfigCheck;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import java.time.Duration;

/**
 * The configuration, checked.
 *
 * @param url of the hub, without a slash at its end
 * @param token or empty
 * @param connect how long to wait for a connection
 * @param idle how long to wait for an answer, or for more of a file
 * @param maxBytes the most that the files of one model may have
 * @param minFreeBytes what is left free on the disk
 * @param parallel the most pulls at a time
 * @param retries the most attempts in a row that bring nothing
 */
record Settings(
        String url,
        String token,
        Duration connect,
        Duration idle,
        long maxBytes,
        long minFreeBytes,
        int parallel,
        int retries) {

    private static final ConfigCheck CHECK = new ConfigCheck(HuggingFaceHub.PID);
    private static final int MOST_PARALLEL = 64;
    private static final int MOST_RETRIES = 1000;

    static Settings of(HuggingFaceHub.Config config) {
        return new Settings(
                CHECK.address("url", config.url()),
                CHECK.token("token", config.token()),
                CHECK.limit("connectTimeoutMillis", config.connectTimeoutMillis()),
                CHECK.limit("idleTimeoutMillis", config.idleTimeoutMillis()),
                within("maxBytes", config.maxBytes(), 1, Long.MAX_VALUE),
                within("minFreeBytes", config.minFreeBytes(), 0, Long.MAX_VALUE),
                (int) within("parallel", config.parallel(), 1, MOST_PARALLEL),
                (int) within("retries", config.retries(), 0, MOST_RETRIES));
    }

    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw CHECK.refused(key, Long.toString(value), least + " to " + most);
        }
        return value;
    }

    TimeLimits limits() {
        return new TimeLimits(connect, idle, idle, idle);
    }

    Secrets secrets() {
        return Secrets.of(token);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Settings[" + url + "]";
    }
}
