package forge.ai.runtime.support.config;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.support.http.TimeLimits;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Checks the values of a provider's configuration. What is refused is named with its key and what is allowed; what may be
 * a secret is not shown.
 *
 * @param pid of the configuration, for errors
 */
public record ConfigCheck(String pid) {

    private static final long DAY_MILLIS = 86_400_000;
    private static final int MOST_INPUTS = 1_000_000;
    private static final long MOST_TOKENS = 1_000_000_000;

    /** The name of a provider: letters, digits, {@code . _ -}. */
    public String name(String value) {
        if (!value.matches("[A-Za-z0-9._-]+")) {
            throw refused("name", value, "letters, digits, . _ -");
        }
        return value;
    }

    /** An address with {@code http} or {@code https}, without user, query and fragment; slashes at its end are left out. */
    public String address(String key, String value) {
        try {
            URI uri = URI.create(value.strip());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            boolean plain = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
            if (http && uri.getHost() != null && plain) {
                return uri.toString().replaceAll("/+$", "");
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw refused(
                key,
                value.replaceAll("//[^/]*@", "//***@"),
                "an address with http or https, without user, query and fragment");
    }

    /** A limit of time in milliseconds, up to a day; zero for none. */
    public Duration limit(String key, long millis) {
        if (millis < 0 || millis > DAY_MILLIS) {
            throw refused(key, Long.toString(millis), "0 (no limit) to " + DAY_MILLIS);
        }
        return Duration.ofMillis(millis);
    }

    /** The limits that all providers have, each in milliseconds under the key of the same name. */
    public TimeLimits limits(
            long connectTimeoutMillis,
            long firstTokenTimeoutMillis,
            long idleTimeoutMillis,
            long requestTimeoutMillis) {
        return new TimeLimits(
                limit("connectTimeoutMillis", connectTimeoutMillis),
                limit("firstTokenTimeoutMillis", firstTokenTimeoutMillis),
                limit("idleTimeoutMillis", idleTimeoutMillis),
                limit("requestTimeoutMillis", requestTimeoutMillis));
    }

    /** How much one request for embeddings may hold, under the keys {@code embeddingInputs}, {@code embeddingTokens}. */
    public EmbeddingLimits embeddingLimits(int inputs, long tokens) {
        if (inputs < 1 || inputs > MOST_INPUTS) {
            throw refused("embeddingInputs", Integer.toString(inputs), "1 to " + MOST_INPUTS);
        }
        if (tokens < 1 || tokens > MOST_TOKENS) {
            throw refused("embeddingTokens", Long.toString(tokens), "1 to " + MOST_TOKENS);
        }
        return new EmbeddingLimits(inputs, tokens);
    }

    /** What may be sent in a header: visible ASCII without spaces, or nothing; never shown, because it may be a key. */
    public String token(String key, String value) {
        String text = value.strip();
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            throw refused(key, "(not shown)", "visible ASCII characters without spaces");
        }
        return text;
    }

    /** One of several words; empty may be one. */
    public String word(String key, String value, List<String> allowed) {
        String text = value.strip();
        if (!allowed.contains(text)) {
            String list = String.join(
                    ", ", allowed.stream().map(a -> a.isEmpty() ? "empty" : a).toList());
            throw refused(key, text, list);
        }
        return text;
    }

    /** Entries {@code name=value}, in their order; blank ones are left out. */
    public Map<String, String> pairs(String key, String... entries) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            String name = entry.substring(0, Math.max(equals, 0)).strip();
            String value = entry.substring(equals + 1).strip();
            if (entry.isBlank()) {
                continue;
            }
            if (name.isEmpty() || value.isEmpty()) {
                throw refused(key, entry, "name=value");
            }
            if (pairs.put(name, value) != null) {
                throw refused(key, entry, "each name once");
            }
        }
        return pairs;
    }

    /** Models of which only the names are known; blank ones are left out. */
    public static List<LlmModel> models(String... names) {
        return Stream.of(names).filter(m -> !m.isBlank()).map(LlmModel::of).toList();
    }

    /** What to throw for a value that is not allowed. */
    public InvalidRequestException refused(String key, String value, String allowed) {
        return new InvalidRequestException(pid + ": " + key + " = " + value + " is refused; allowed: " + allowed);
    }
}
