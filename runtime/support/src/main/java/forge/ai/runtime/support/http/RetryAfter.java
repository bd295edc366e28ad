package forge.ai.runtime.support.http;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads {@code Retry-After} (RFC 9110, 10.2.3: seconds or a date) and the vendors' {@code retry-after-ms}. */
final class RetryAfter {

    private RetryAfter() {}

    static Optional<Duration> of(HttpAnswer answer, Clock clock) {
        Optional<Duration> exact = number(answer.header("retry-after-ms"), 1);
        if (exact.isPresent()) {
            return exact;
        }
        String value = answer.header("Retry-After").strip();
        Optional<Duration> seconds = number(value, 1000);
        return seconds.isPresent() || value.isEmpty() ? seconds : date(value, clock);
    }

    private static Optional<Duration> number(String value, int millis) {
        try {
            double number = Double.parseDouble(value.strip());
            return number >= 0 && number < 1e9
                    ? Optional.of(Duration.ofMillis((long) Math.ceil(number * millis)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> date(String value, Clock clock) {
        try {
            ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(clock.instant(), date);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
