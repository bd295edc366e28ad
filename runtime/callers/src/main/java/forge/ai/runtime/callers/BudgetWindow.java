package forge.ai.runtime.callers;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.function.UnaryOperator;

/**
 * The time that a budget is for; after it the budget is whole again. All times are UTC.
 *
 * @param key as it is configured
 * @param start of the window that a moment lies in
 */
record BudgetWindow(String key, UnaryOperator<Instant> start) {

    private static final String ALLOWED =
            "hour, day, week, month, total, or a number of hours or days as in 12h or 30d";

    /** @throws IllegalArgumentException if there is no such window */
    static BudgetWindow of(String key) {
        return switch (key.strip()) {
            case "hour" -> every(key, Duration.ofHours(1));
            case "day" -> every(key, Duration.ofDays(1));
            case "week" ->
                new BudgetWindow(
                        key,
                        now -> midnight(now)
                                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                                .toInstant());
            case "month" ->
                new BudgetWindow(key, now -> midnight(now).withDayOfMonth(1).toInstant());
            case "total" -> new BudgetWindow(key, now -> Instant.EPOCH);
            case String text when text.matches("[1-9]\\d{0,3}h") -> every(key, Duration.ofHours(number(text)));
            case String text when text.matches("[1-9]\\d{0,3}d") -> every(key, Duration.ofDays(number(text)));
            default -> throw new IllegalArgumentException("budgetWindow = '" + key + "': allowed is " + ALLOWED);
        };
    }

    private static long number(String text) {
        return Long.parseLong(text.substring(0, text.length() - 1));
    }

    private static BudgetWindow every(String key, Duration length) {
        long seconds = length.toSeconds();
        return new BudgetWindow(
                key, now -> Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), seconds) * seconds));
    }

    private static ZonedDateTime midnight(Instant now) {
        return now.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
    }
}
