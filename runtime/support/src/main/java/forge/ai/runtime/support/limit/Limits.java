package forge.ai.runtime.support.limit;

/**
 * What may be used; 0 is no limit.
 *
 * @param requests in a minute
 * @param tokens in a minute
 * @param parallel calls at a time
 */
public record Limits(long requests, long tokens, int parallel) {

    public static final Limits NONE = new Limits(0, 0, 0);

    private static final long MOST = 1_000_000_000_000L;

    /** @throws IllegalArgumentException naming the key whose value is not allowed */
    public static Limits of(long requestsPerMinute, long tokensPerMinute, int parallel) {
        check("requestsPerMinute", requestsPerMinute);
        check("tokensPerMinute", tokensPerMinute);
        check("parallel", parallel);
        return new Limits(requestsPerMinute, tokensPerMinute, parallel);
    }

    private static void check(String key, long value) {
        if (value < 0 || value > MOST) {
            throw new IllegalArgumentException(key + " = " + value + ": allowed is 0 (no limit) to " + MOST);
        }
    }
}
