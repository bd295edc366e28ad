package forge.ai.runtime.server;

import forge.ai.api.llm.RateLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** In which headers a dialect's clients look for what is left of their limits. */
public enum LimitHeaders {

    /** {@code x-ratelimit-limit-requests}, ...; times as in {@code 1m20s}. */
    OPENAI {
        @Override
        String name(String what, String part) {
            return "x-ratelimit-" + part + "-" + what;
        }

        @Override
        String reset(Duration time) {
            if (time.isZero()) {
                return "0s";
            }
            if (time.compareTo(Duration.ofSeconds(1)) < 0) {
                return Math.max(1, time.toMillis()) + "ms";
            }
            long seconds = time.plusMillis(999).toSeconds();
            return (seconds < 60 ? "" : seconds / 60 + "m") + seconds % 60 + "s";
        }
    },

    /** {@code anthropic-ratelimit-requests-limit}, ...; instants as in RFC 3339. */
    ANTHROPIC {
        @Override
        String name(String what, String part) {
            return "anthropic-ratelimit-" + what + "-" + part;
        }

        @Override
        String reset(Duration time) {
            return Instant.now()
                    .plus(time)
                    .plusMillis(999)
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        }
    };

    abstract String name(String what, String part);

    abstract String reset(Duration time);

    /** Names and values. */
    final Map<String, String> of(RateLimits limits) {
        Map<String, String> headers = new LinkedHashMap<>();
        add(headers, "requests", limits.requests());
        add(headers, "tokens", limits.tokens());
        return headers;
    }

    private void add(Map<String, String> headers, String what, Optional<RateLimits.Limit> limit) {
        limit.ifPresent(l -> {
            headers.put(name(what, "limit"), Long.toString(l.limit()));
            headers.put(name(what, "remaining"), Long.toString(l.remaining()));
            headers.put(name(what, "reset"), reset(l.reset()));
        });
    }
}
