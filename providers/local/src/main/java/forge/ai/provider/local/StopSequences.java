package forge.ai.provider.local;

import java.util.List;

/**
 * Finds stop texts in a text that comes in pieces, and holds back what may become one.
 *
 * <p>The text ends before the stop text that is complete first, of several the longest; so the result does not depend
 * on how the text is cut into pieces.
 */
final class StopSequences {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private String found = "";

    StopSequences(List<String> stops) {
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /** Takes the next piece and gives what is known to belong to the text; nothing once a stop text was found. */
    String add(String piece) {
        if (!found.isEmpty()) {
            return "";
        }
        if (stops.isEmpty()) {
            return piece;
        }
        int end = held.length();
        held.append(piece);
        while (++end <= held.length()) {
            String stop = endingAt(end);
            if (!stop.isEmpty()) {
                found = stop;
                return release(end - stop.length(), held.length());
            }
        }
        int safe = held.length() - undecided();
        return release(safe, safe);
    }

    /** What was held back, now that no more comes. */
    String finish() {
        return release(held.length(), held.length());
    }

    /** The stop text that was found, or empty. */
    String found() {
        return found;
    }

    private String endingAt(int end) {
        String longest = "";
        for (String stop : stops) {
            int start = end - stop.length();
            if (stop.length() > longest.length() && start >= 0 && held.indexOf(stop, start) == start) {
                longest = stop;
            }
        }
        return longest;
    }

    /** The length of the longest end of the text that a stop text begins with. */
    private int undecided() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    private String release(int give, int drop) {
        String text = held.substring(0, give);
        held.delete(0, drop);
        return text;
    }
}
