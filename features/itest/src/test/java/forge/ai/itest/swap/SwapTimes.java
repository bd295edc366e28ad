package forge.ai.itest.swap;

import java.time.Duration;
import java.util.List;

/** How long swaps took until they were in force. */
record SwapTimes(List<Duration> sorted) {

    static SwapTimes of(List<Duration> took) {
        return new SwapTimes(took.stream().sorted().toList());
    }

    Duration median() {
        return sorted.get(sorted.size() / 2);
    }

    @Override
    public String toString() {
        return "%d times (p50 %d max %d ms)"
                .formatted(sorted.size(), median().toMillis(), sorted.getLast().toMillis());
    }
}
